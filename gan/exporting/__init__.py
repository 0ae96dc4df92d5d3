"""Models for other programs: as Keras, SavedModel or ONNX files, or as a web page that needs nothing else.

Each export is a folder: the net, written with stock layers only so that it loads without our code (`plain`), its card
and a README that says what goes in and comes out (`describing`). Before it is there, what was written is loaded as
others will load it, and has to give what the registry's net gives (`checking`).
"""

from gan.exporting.making import FORMATS, Exported, Format, check, export, find, formats_of, zipped

__all__ = ["FORMATS", "Exported", "Format", "check", "export", "find", "formats_of", "zipped"]
