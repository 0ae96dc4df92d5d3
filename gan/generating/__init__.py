"""What is made of generators in quantity: labelled sets, morphs, pictures that a classifier agrees with, and CAS.

`gan.generating.batches` draws any number of pictures piece by piece; the others build on it. `gan.drawing` has the
small orders that pages show at once, and `gan.text` lines of text.
"""
