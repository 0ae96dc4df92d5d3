"""Recipes of ours: made to work on two cores."""

from __future__ import annotations

from gan.recipes.record import Recipe

# Mirrors and quarter turns move pixels onto pixels; photographs are softer and flatter than what is drawn.
PARTS = (
    '{"name": "parts", "steps": [{"transform": "flip", "probability": 0.5}, '
    '{"transform": "rotate", "low": 90, "high": 90, "probability": 0.5}, '
    '{"transform": "blur", "low": 0, "high": 2, "probability": 0.5}, '
    '{"transform": "contrast", "low": 20, "high": 110, "probability": 0.5}]}'
)

COVERS = (
    '{"name": "covers", "steps": [{"transform": "flip", "probability": 0.5}, '
    '{"transform": "scale", "low": 100, "high": 118, "fill": "edge", "probability": 0.7}, '
    '{"transform": "contrast", "low": 85, "high": 115, "probability": 0.5}]}'
)

OURS = (
    Recipe(
        name="cgan28",
        note="Draws the class it is asked for. Projection tells the discriminator the class, R1 keeps the game "
        "stable, and the averaged generator smooths out the last steps.",
        steps=32_000,
        learning_rate=5e-4,  # without momentum (beta_1 0) and with R1, larger steps stay stable
        discriminator_learning_rate=5e-4,
        schedule="cosine",  # smaller steps at the end sharpen what is there
        r1=0.2,
        average=20.0,
    ),
    Recipe(
        name="letters28",
        note="As cgan28, wider: letters come in more shapes than digits.",
        dataset="emnist-letters",
        model="cgan",
        options={"width": 40},
        steps=60_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=0.2,
        average=20.0,
    ),
    Recipe(
        name="glyphs62",
        note="Digits, capitals and small letters in one hand: the class vector is larger, for there are 62.",
        dataset="handwriting",
        model="cgan",
        options={"width": 40, "embedding": 64},
        steps=40_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=0.2,
        average=20.0,
        diff_augment="translation",  # 340 pictures a class are soon known by heart
    ),
    Recipe(
        name="hangul32",
        note="As cgan28 at 32x32: 16 syllables, each as it is asked for.",
        dataset="hangul",
        model="cgan",
        steps=30_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=0.2,
        average=20.0,
        diff_augment="translation",  # 520 pictures a class, many of them of one font, are soon known by heart
    ),
    Recipe(
        name="avatars32",
        note="Faces by hair and skin, each told on its own, so that 50 pictures of a combination are enough. "
        "Differentiable augmentation makes 2,496 pictures last; its colours are left out, for they are asked for.",
        dataset="avatars32",
        condition="hair, skin",
        model="cgan",
        steps=40_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=0.5,
        average=20.0,
        diff_augment="translation, cutout",
    ),
    Recipe(
        name="avatars64",
        note="As avatars32, with one doubling more and narrower nets, so that two cores can train it.",
        dataset="avatars64",
        condition="hair, skin",
        model="cgan",
        options={"levels": 3, "width": 24},
        batch=32,
        steps=60_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=1.0,
        average=20.0,
        diff_augment="translation, cutout",
    ),
    Recipe(
        name="covers64",
        note="Book covers by scene. There are only 512 to learn from: they are mirrored, scaled and changed in "
        "contrast, and all of differentiable augmentation is on.",
        dataset="covers64",
        model="cgan",
        augment=COVERS,
        options={"levels": 3, "width": 24},
        batch=32,
        steps=60_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=1.0,
        average=20.0,
        diff_augment="color, translation, cutout",
    ),
    Recipe(
        name="covers-features",
        note="As covers64, against a frozen net that was trained before and is read at several depths, with small "
        "heads: VGG16 where its weights are at hand, else a classifier of ours. For covers128, levels is 4.",
        dataset="covers64",
        model="covers-features",
        loss="hinge",
        batch=32,
        steps=30_000,
        average=20.0,
        diff_augment="color, translation, cutout",
    ),
    Recipe(
        name="numbers",
        note="Numbers of two digits in one picture, 28x56; any data set of several digits side by side will do.",
        dataset="mnist-2digits",
        model="cgan",
        options={"embedding": 64},
        steps=40_000,
        learning_rate=5e-4,
        discriminator_learning_rate=5e-4,
        schedule="cosine",
        r1=0.4,
        average=20.0,
    ),
    Recipe(
        name="sr4",
        note="Four times larger: the true pixels first, then a discriminator and a classifier's features for what "
        "is sharp. Learns from parts of avatars, covers and a few free photographs, turned, softened and flattened to "
        "be more.",
        dataset="pictures64",
        model="sr4",
        augment=PARTS,
        batch=16,  # of small parts: more pictures for the same work
        steps=24_000,
        content_steps=18_000,
        learning_rate=1e-3,  # blocks that begin as nothing take it well
        discriminator_learning_rate=1.5e-3,  # when it joins, the schedule has brought it down to a seventh
        schedule="cosine",
        beta_1=0.9,
        beta_2=0.999,
        average=0.0,
        shared_pass=False,
        adversarial=2e-3,
        features=0.02,
        perceptual=0.1,
    ),
)
