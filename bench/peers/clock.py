"""What every peer is told and tells, in the same words."""
import argparse, json, time


def arguments(about, works):
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("work", choices=works)
    parser.add_argument("data", help="folder with train-images-idx3-ubyte and so on")
    parser.add_argument("--images", type=int, required=True, help="training images per epoch, from the first on")
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--whole", action="store_true", help="validate after each epoch on the images that follow, test at the end")
    return parser.parse_args()


class Epoch:
    """Prints one JSON line when an epoch's training has ended."""

    def __init__(self, images):
        self.images, self.start = images, time.perf_counter()

    def end(self, loss):
        line = {"type": "epoch-finished", "loss": round(float(loss), 5), "samplesPerSecond": round(self.images / (time.perf_counter() - self.start))}
        print(json.dumps(line), flush=True)
