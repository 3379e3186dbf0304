"""The nets of the bench in Keras 3 on TensorFlow, graph mode (`model.fit`, no XLA)."""
import os
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
from keras import layers
from clock import Epoch, arguments
from idx import read


def mnist():
    conv = lambda filters: layers.Conv2D(filters, 3, padding="same", activation="relu", use_bias=False, kernel_initializer=keras.initializers.RandomNormal(stddev=0.01))
    pool = lambda: layers.MaxPooling2D(2, 2, padding="same")
    return keras.Sequential([keras.Input((28, 28, 1)), conv(32), pool(), conv(64), pool(), layers.Flatten(), layers.Dense(10)])


def mlp():
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(10)])


def lstm():
    return keras.Sequential([keras.Input((28, 28, 1)), layers.Reshape((28, 28)), layers.LSTM(64), layers.Dense(10)])


def resnet(blocks):
    """He et al. 2015 for CIFAR: three stages of `blocks` residual blocks, 16, 32 and 64 filters."""
    def conv(x, filters, size, strides):
        return layers.BatchNormalization()(layers.Conv2D(filters, size, strides, padding="same", use_bias=False)(x))

    def block(x, filters, strides):
        y = conv(layers.ReLU()(conv(x, filters, 3, strides)), filters, 3, 1)
        shortcut = x if strides == 1 else conv(x, filters, 1, strides)
        return layers.ReLU()(layers.Add()([y, shortcut]))

    images = keras.Input((32, 32, 3))
    x = layers.ReLU()(conv(images, 16, 3, 1))
    for stage, filters in enumerate([16, 32, 64]):
        for i in range(blocks):
            x = block(x, filters, 2 if stage > 0 and i == 0 else 1)
    return keras.Model(images, layers.Dense(10)(layers.GlobalAveragePooling2D()(x)))


nets = {"mnist": mnist, "mlp": mlp, "lstm": lstm, "resnet8": lambda: resnet(1), "resnet20": lambda: resnet(3)}


class Clock(keras.callbacks.Callback):
    """No hook for each batch, so that none of this runs between steps: with --whole, an epoch's time includes its validation."""

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = Epoch(args.images)

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.end(logs["loss"])


args = arguments(__doc__, nets)
held_back = 5000 if args.whole else 0
images, labels = read(args.data, "train", args.images + held_back)
images, labels = images.astype("float32") / 255, labels.astype("int64")
validation = (images[args.images :], labels[args.images :]) if args.whole else None
model = nets[args.work]()
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"] if args.whole else [],
    jit_compile=False,
)
model.fit(images[: args.images], labels[: args.images], batch_size=args.batch, epochs=args.epochs, validation_data=validation, verbose=0, callbacks=[Clock()])
if args.whole:
    images, labels = read(args.data, "t10k", 10_000)
    model.evaluate(images.astype("float32") / 255, labels.astype("int64"), batch_size=500, verbose=0)
