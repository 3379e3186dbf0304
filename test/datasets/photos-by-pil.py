"""What Pillow reads of pictures: `python3 photos-by-pil.py FOLDER` prints, for each, its values in base64.

Turned as EXIF says, in greys and in colours; and brought to 12 x 12 in each way.
"""
import base64, json, os, sys
from PIL import Image, ImageOps

def told(image):
    return base64.b64encode(image.tobytes()).decode()

found = {}
for name in sorted(os.listdir(sys.argv[1])):
    image = ImageOps.exif_transpose(Image.open(os.path.join(sys.argv[1], name)))
    colours, size = image.convert('RGB'), (12, 12)
    found[name] = {
        'shape': [image.height, image.width, 1 if image.mode == 'L' else 3],
        'colours': told(colours),
        'greys': told(colours.convert('L')),
        'cover': told(ImageOps.fit(colours, size, Image.Resampling.LANCZOS)),
        'contain': told(ImageOps.pad(colours, size, Image.Resampling.LANCZOS)),
        'fill': told(colours.resize(size, Image.Resampling.LANCZOS)),
    }
json.dump(found, sys.stdout, indent=2)
