"""GAN Studio's library: data sets, models, training, measures and exploration of GANs.

Importing this package loads neither TensorFlow nor Keras; the modules that need them do, when used.
"""

import os

# Before anything loads TensorFlow: it would greet every process with a page of notices on stderr.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

from gan import parsing
from gan.errors import UserError

parsing.settle()

__all__ = ["UserError", "__version__"]
__version__ = "0.1.0"
