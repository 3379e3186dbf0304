"""Spectrograms of WAV files: written by SciPy and by Python's own wave, read by SciPy, made by
keras.layers.MelSpectrogram in float64.

    pip install keras==3.15.1 tensorflow scipy
    KERAS_BACKEND=tensorflow python audio.py > audio.json
"""

import base64
import io
import json
import sys
import wave
from functools import partial

import keras
import numpy as np
import scipy
from scipy.io import wavfile


def written(rate, values):
    file = io.BytesIO()
    wavfile.write(file, rate, values)
    return file.getvalue()


def mono(values):
    """As a share of the loudest: what soundfile and librosa give."""
    if values.dtype == np.uint8:
        values = (values.astype(np.float64) - 128) / 128
    elif values.dtype.kind == "i":
        values = values.astype(np.float64) / 2 ** (8 * values.dtype.itemsize - 1)
    values = values.astype(np.float64)
    return values if values.ndim == 1 else values.mean(axis=1)


random = np.random.default_rng(7)


def signal(rate, seconds):
    t = np.arange(int(rate * seconds)) / rate
    sweep = np.sin(2 * np.pi * (200 * t + 900 * t * t / seconds))
    hum = 0.2 * np.sin(2 * np.pi * 60 * t)
    return 0.5 * sweep * np.linspace(1, 0.01, len(t)) + hum + 0.001 * random.standard_normal(len(t))


spectrograms = []
for options in [
    {"sampleRate": 8000, "seconds": 0.2, "fftLength": 256, "frameLength": 200, "frameStep": 80, "numMelBins": 20},
    {"sampleRate": 16000, "seconds": 0.1, "fftLength": 512, "frameLength": 400, "frameStep": 160, "numMelBins": 64},
    {
        "sampleRate": 8000,
        "seconds": 0.15,
        "fftLength": 128,
        "frameLength": 100,
        "frameStep": 51,
        "numMelBins": 9,
        "minFrequency": 0,
        "maxFrequency": 3000,
    },
]:
    rate = options["sampleRate"]
    length = round(options["seconds"] * rate)
    values = np.round(signal(rate, options["seconds"]) * 20000).astype(np.int16)
    if len(spectrograms) == 2:
        values[700:] = 0
    file = written(rate, values)
    layer = keras.layers.MelSpectrogram(
        fft_length=options["fftLength"],
        sequence_stride=options["frameStep"],
        sequence_length=options["frameLength"],
        sampling_rate=rate,
        num_mel_bins=options["numMelBins"],
        min_freq=options.get("minFrequency", 20),
        max_freq=options.get("maxFrequency"),
        ref_power=np.array(1.0),
        dtype="float64",
    )
    # Its triangles would be float32, which it does not multiply with float64.
    layer.linear_to_mel_weight_matrix = partial(layer.linear_to_mel_weight_matrix, dtype="float64")
    made = np.asarray(layer(mono(wavfile.read(io.BytesIO(file))[1])[:length])).T
    spectrograms.append(
        {
            "options": {"minFrequency": 20, **options},
            "file": base64.b64encode(file).decode(),
            "shape": list(made.shape),
            "values": [float(f"{value:.7g}") for value in made.ravel()],
        }
    )

encodings = []


def encoding(name, file):
    rate, values = wavfile.read(io.BytesIO(file))
    if values.dtype == np.int32 and "24" in name:
        # SciPy gives 24 bits in the upper ones of 32.
        assert not np.any(values & 255)
    encodings.append(
        {
            "name": name,
            "file": base64.b64encode(file).decode(),
            "rate": rate,
            "channels": 1 if values.ndim == 1 else values.shape[1],
            "values": mono(values).tolist(),
        }
    )


def by_wave(width, channels, count):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(11025)
        out.writeframes(random.integers(0, 256, width * channels * count, dtype=np.uint8).tobytes())
    return file.getvalue()


for width in [1, 2, 3, 4]:
    encoding(f"whole numbers of {8 * width} bits", by_wave(width, 1, 7))
encoding("whole numbers of 24 bits, two channels", by_wave(3, 2, 5))
encoding("whole numbers of 16 bits, five channels", by_wave(2, 5, 4))
for dtype in [np.float32, np.float64]:
    encoding(np.dtype(dtype).name, written(22050, random.standard_normal(6).astype(dtype)))
    encoding(f"{np.dtype(dtype).name}, three channels", written(22050, random.standard_normal((4, 3)).astype(dtype)))

# The same samples under WAVE_FORMAT_EXTENSIBLE, as recorders of several channels write them.
plain = by_wave(2, 2, 6)
fmt = plain[20:36]
tail = bytes.fromhex("000000001000800000aa00389b71")
longer = b"\xfe\xff" + fmt[2:] + (22).to_bytes(2, "little") + (16).to_bytes(2, "little") + (3).to_bytes(4, "little")
longer += fmt[:2] + tail
body = b"WAVEfmt " + len(longer).to_bytes(4, "little") + longer + plain[36:]
encoding("extensible", b"RIFF" + len(body).to_bytes(4, "little") + body)

json.dump(
    {
        "versions": {"keras": keras.__version__, "scipy": scipy.__version__, "numpy": np.__version__},
        "spectrograms": spectrograms,
        "encodings": encodings,
    },
    sys.stdout,
)
print()
