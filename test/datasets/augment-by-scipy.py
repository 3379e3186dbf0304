"""Prints what scipy.ndimage and numpy make of pictures, as augment-by-scipy.json holds it:
python3 augment-by-scipy.py > augment-by-scipy.json (scipy 1.17.1, numpy 2.4.6)."""
import json
import numpy as np
from scipy import ndimage

random = np.random.default_rng(11)
pictures = [random.integers(0, 256, shape).astype(float) for shape in [(7, 9, 1), (6, 5, 3), (1, 4, 2)]]
modes = {"constant": "grid-constant", "nearest": "nearest", "reflect": "reflect"}
pads = {"constant": "constant", "nearest": "edge", "reflect": "symmetric"}
cases = []


def add(picture, kernel, args, result, filling=None):
    case = {"picture": picture, "kernel": kernel, "args": args, "result": np.round(result, 5).ravel().tolist()}
    cases.append(case if filling is None else {**case, "filling": filling})


def each_channel(pixels, change):
    return np.stack([change(pixels[..., c]) for c in range(pixels.shape[2])], axis=-1)


for index, pixels in enumerate(pictures):
    height, width, _ = pixels.shape
    for mode, name in modes.items():
        for value in [0.0, 31.5] if mode == "constant" else [0.0]:
            filling = {"fillMode": mode, "fillValue": value}
            for degrees in [10.0, -33.0, 90.0, 180.0]:
                add(index, "turn", [degrees], each_channel(pixels, lambda one: ndimage.rotate(
                    one, degrees, reshape=False, order=1, mode=name, cval=value)), filling)
            for matrix in [[1 / 1.1, 0, 0, 1 / 1.1], [1 / 0.6, 0, 0, 1 / 0.6], [1, 0, np.tan(0.3), 1], [1, 0, -1.7, 1]]:
                square = np.array(matrix).reshape(2, 2)
                middle = (np.array([height, width]) - 1) / 2
                add(index, "transform", matrix, each_channel(pixels, lambda one: ndimage.affine_transform(
                    one, square, middle - square @ middle, order=1, mode=name, cval=value)), filling)
            for down, right in [(0, 0), (2, -1), (-3, 4), (1, 1)]:
                more = {"constant_values": value} if mode == "constant" else {}
                wide = np.pad(pixels, ((4, 4), (4, 4), (0, 0)), pads[mode], **more)
                add(index, "move", [down, right],
                    wide[4 - down:4 - down + height, 4 - right:4 - right + width], filling)
    add(index, "mirror", ["horizontal"], np.flip(pixels, 1))
    add(index, "mirror", ["vertical"], np.flip(pixels, 0))
    for factor in [0.5, 1.3]:
        mean = pixels.mean(axis=(0, 1))
        add(index, "stretch", [factor], mean + (pixels - mean) * factor)
    add(index, "brighten", [-17.25], pixels - 17.25)
    for box in [(1, 2, 4, 4), (-2, -3, 3, 2), (0, 3, 20, 30), (2, 2, 2, 2)]:
        top, left, bottom, right = box
        rows, columns = slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right))
        hidden = pixels.copy()
        hidden[rows, columns] = 7
        add(index, "hide", [*box, 7], hidden)
        other = 255 - pixels
        pasted = pixels.copy()
        pasted[rows, columns] = other[rows, columns]
        add(index, "paste", list(box), pasted)
    add(index, "blend", [0.3], 0.3 * pixels + 0.7 * (255 - pixels))
shapes = [{"shape": list(pixels.shape), "values": pixels.ravel().tolist()} for pixels in pictures]
print('{"pictures": [' + ",\n".join(json.dumps(one) for one in shapes) + '],\n"cases": [')
print(",\n".join(json.dumps(one) for one in cases) + "]}")
