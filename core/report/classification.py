"""The report of `hiner:trainclassifier`: what was trained on what, and how well it does."""

import os

from ..classification.model.settings import is_published
from . import parts
from .accuracy import confusion_section, noted
from .class_map import map_section
from .class_plots import course_plot
from .class_tables import accuracy_cards, class_table, count_table, interval_facts, percent, span
from .comparison import plots_missing
from .html import page
from .numbers import counted, duration

_VARIANTS = {
    "best": "best: SpectralFormer on window means of whitened bands",
    "patch": "patch: SpectralFormer with patches",
    "pixel": "pixel: SpectralFormer on single pixels",
    "vit": "vit: a plain transformer without band groups and fusion",
    "svm": "svm: a support vector machine on window means",
}


def classification_html(session, image, samples_name, test_name="", shown=None):
    """Return a report on a Session as HTML, a str.

    image: the Image it was trained on. samples_name, test_name: of the layers. shown: ClassMap or None.
    """
    model, accuracy = session.model, session.accuracy
    missing = plots_missing()
    drawn, history = missing is None, session.training.history
    return page(
        f"Land-cover classifier of {os.path.basename(image.path)}",
        f"{counted(len(model.table), 'class').replace('classs', 'classes')}, variant {model.settings.variant}, "
        f"trained in {duration(session.training.seconds)} on {session.training.device}",
        missing,
        *(parts.warning(text) for text in session.held_out.warnings),
        _figures(session) if accuracy is not None else None,
        parts.section("What was trained on what", _facts(session, image, samples_name, test_name), *noted(session.notes)),
        map_section(shown, model.table) if drawn and shown is not None else None,
        parts.section(
            "Classes",
            class_table(accuracy, model.table, session.training.n_train) if accuracy is not None
            else count_table(model.table, session.training.n_train),
        ),
        confusion_section(accuracy, model.table) if drawn and accuracy is not None else None,
        _course(history) if drawn and len(history) > 1 else None,
    )


def _figures(session):
    compared = None
    if session.rival is not None:
        shown = parts.warning if rival_won(session) else parts.paragraph
        compared = shown(compared_with_rival(session))
    return parts.section(
        "Accuracy on the test pixels", accuracy_cards(session.accuracy), compared, *interval_facts(session.accuracy),
    )


def rival_won(session):
    """Whether the support vector machine did better on the same test pixels."""
    return session.rival.overall > session.accuracy.overall


def compared_with_rival(session):
    """Which did better on the same test pixels, the network or the support vector machine; a text."""
    own, rival, side = session.accuracy, session.rival, session.model.settings.patch
    seen = "single pixels" if side == 1 else f"means of {side} \u00d7 {side} pixels"
    said = (
        f"On the same pixels a support vector machine on {seen} (the variant svm, patch {side}) reached "
        f"OA {percent(rival.overall)} % ({span(rival.overall_interval)}), AA {percent(rival.average)} %"
    )
    if rival_won(session):
        return f"{said}: better than this classifier. Train the variant svm with that patch to use it."
    return f"{said}: {'as good as' if rival.overall == own.overall else 'less than'} this classifier."


def _facts(session, image, samples_name, test_name):
    settings, training, held = session.model.settings, session.training, session.held_out
    network = settings.variant != "svm"
    n_test = 0 if held.test is None else len(held.test)
    return parts.facts(
        [
            ("Image", image.path),
            ("Bands", str(session.model.axis)),
            ("Samples", samples_name),
            ("Test samples", test_name),
            ("Training pixels", f"{int(training.n_train.sum()):,}"),
            ("Test pixels", f"{n_test:,}" if n_test else "none"),
            ("Split", held.method),
            ("Variant", _VARIANTS[settings.variant] + (", as published" if is_published(settings) else "")),
            ("Patch", f"{settings.patch} \u00d7 {settings.patch} pixels"),
            ("Bands in a group", str(settings.band_group) if network else ""),
            ("Spectral weighting (ASW)", _on(settings.asw) if network else ""),
            ("Spectral interpolation (ISI)", _isi(settings, session.notes) if network else ""),
            ("Smoothing of the map", _smoothing(settings.smooth)),
            ("Epochs", str(settings.epochs) if network else ""),
            ("Seed", str(settings.seed)),
            ("Device", training.device),
            ("Time", duration(training.seconds)),
        ]
    )


def _isi(settings, notes):
    refused = any("(ISI) is off" in note for note in notes)
    return _on(settings.isi and settings.eta > 0 and not refused)


def _on(is_on):
    return "on" if is_on else "off"


def _smoothing(side):
    return "none" if side <= 1 else f"probabilities averaged over {side} \u00d7 {side} pixels"


def _course(history):
    return parts.section(
        "Course of the training",
        parts.plot(
            course_plot(history),
            f"Loss and share of right training pixels over {len(history)} epochs",
            "Measured on the training pixels while training, with augmentation: the share says how well the network "
            "knows them, not how well it does elsewhere.",
        ),
    )
