"""What Pillow reads of PNG files: `python3 png-by-pil.py FOLDER` prints, for each kind, a SHA-256 of all its pictures.

FOLDER/KIND/NUMBER.png; a picture that is not opaque counts as one byte T. The values of masks follow the pictures'.
"""
import hashlib, json, os, sys
import numpy
from PIL import Image

found = {}
for kind in sorted(os.listdir(sys.argv[1])):
    pictures, masks = hashlib.sha256(), hashlib.sha256()
    folder = os.path.join(sys.argv[1], kind)
    for name in sorted(os.listdir(folder)):
        image = Image.open(os.path.join(folder, name))
        image.load()
        opaque = image.convert('RGBA').getchannel('A').getextrema()[0] == 255
        plain = image.convert('L' if image.mode in ('1', 'L', 'LA') else 'RGB')
        pictures.update(plain.tobytes() if opaque else b'T')
        if image.mode in ('1', 'L', 'P'):
            masks.update(numpy.asarray(image).astype('uint8').tobytes())
    found[kind] = [pictures.hexdigest(), masks.hexdigest()]
json.dump(found, sys.stdout, indent=2)
