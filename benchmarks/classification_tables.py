"""Tables of the classification benchmark."""

import statistics


def accuracies(runs):
    """(header, rows): overall accuracy by classifier and image, mean and deviation over seeds."""
    found, rates = {}, {}
    for key, row in runs.items():
        classifier, image, _seed = key.split(" | ")
        found.setdefault(classifier, {}).setdefault(image, []).append(row)
        rates[image] = row["rate"]
    images = sorted(rates, key=rates.get, reverse=True)
    header = ("classifier", *(f"{image} ({rates[image]:.3g} bpppb)" for image in images), "seconds a training")
    rows = []
    for classifier, by_image in found.items():
        seconds = [row["processor_seconds"] for some in by_image.values() for row in some]
        rows.append((classifier, *(_cell(by_image.get(image)) for image in images), f"{statistics.mean(seconds):.0f}"))
    return header, rows


def seconds(runs):
    """(header, rows): what trainings and classifying take, by variant and device."""
    header = ("variant", "where", "a step, s", "a training, min", "of epochs timed", "classifying 21025 pixels, s")
    rows = [
        (*key.split(" | "), f"{row['step_s']:.3f}", f"{row['training_s'] / 60:.1f}", f"{row['epochs']} of {row['of']}", f"{row['classify_s']:.1f}")
        for key, row in runs.items()
    ]  # fmt: skip
    return header, rows


def parts(runs):
    """(header, rows): what parts of the network take, computed in one way or another."""
    header = ("part", "how", "where", "forward, ms", "forward and back, ms")
    rows = [(*key.split(" | "), f"{row['forward_ms']:.2f}", f"{row['both_ms']:.2f}") for key, row in runs.items()]
    return header, rows


def _cell(some):
    """Mean and deviation in percent, and how many seeds."""
    if not some:
        return "-"
    oa = [100 * row["oa"] for row in some]
    if len(oa) == 1:
        return f"{oa[0]:.2f}"
    return f"{statistics.mean(oa):.2f} ± {statistics.stdev(oa):.2f} ({len(oa)})"
