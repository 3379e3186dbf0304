"""The nets of the bench in JAX: `jit` with donated buffers; `lax.scan` over an epoch's batches, and over time for the LSTM.

What a user might try instead took more CPU time, in turn with this: a `jit` of one step called in a loop, for both nets;
for the LSTM, the products with the kernel as one for all steps before the scan, one product of inputs and state put
together, and `unroll` of 2, 4 and 28.
"""
import functools
import jax
import jax.numpy as jnp
from jax import lax, nn
from clock import Epoch, arguments
from idx import read

glorot, orthogonal = nn.initializers.glorot_uniform(), nn.initializers.orthogonal()


def dense(key, inputs, units):
    return {"kernel": glorot(key, (inputs, units)), "bias": jnp.zeros(units)}


def mlp(key):
    first, second = jax.random.split(key)

    def logits(weights, images):
        hidden = images.reshape(len(images), 784) @ weights["hidden"]["kernel"] + weights["hidden"]["bias"]
        return nn.relu(hidden) @ weights["dense"]["kernel"] + weights["dense"]["bias"]

    return {"hidden": dense(first, 784, 128), "dense": dense(second, 128, 10)}, logits


def lstm(key, units=64):
    """As Keras': gates in the order input, forget, candidate, output; the forget gate's bias begins as 1."""
    first, second, third = jax.random.split(key, 3)
    weights = {
        "kernel": glorot(first, (28, 4 * units)),
        "recurrent": orthogonal(second, (units, 4 * units)),
        "bias": jnp.zeros(4 * units).at[units : 2 * units].set(1),
        "dense": dense(third, units, 10),
    }

    def logits(weights, images):
        def step(state, rows):
            hidden, cell = state
            gates = rows @ weights["kernel"] + hidden @ weights["recurrent"] + weights["bias"]
            i, f, candidate, o = jnp.split(gates, 4, axis=-1)
            cell = nn.sigmoid(f) * cell + nn.sigmoid(i) * jnp.tanh(candidate)
            return (nn.sigmoid(o) * jnp.tanh(cell), cell), None

        zeros = jnp.zeros((len(images), units))
        (hidden, _), _ = lax.scan(step, (zeros, zeros), jnp.moveaxis(images.reshape(-1, 28, 28), 1, 0))
        return hidden @ weights["dense"]["kernel"] + weights["dense"]["bias"]

    return weights, logits


nets = {"mlp": mlp, "lstm": lstm}


def adam(weights, state, gradients, rate=1e-3, beta1=0.9, beta2=0.999, epsilon=1e-7):
    """Kingma and Ba 2015."""
    count = state["count"] + 1
    first = jax.tree.map(lambda m, g: beta1 * m + (1 - beta1) * g, state["first"], gradients)
    second = jax.tree.map(lambda v, g: beta2 * v + (1 - beta2) * g * g, state["second"], gradients)
    scale = rate * jnp.sqrt(1 - beta2**count) / (1 - beta1**count)
    weights = jax.tree.map(lambda w, m, v: w - scale * m / (jnp.sqrt(v) + epsilon), weights, first, second)
    return weights, {"count": count, "first": first, "second": second}


args = arguments(__doc__, nets)
if args.images % args.batch != 0:
    raise SystemExit("a scan takes batches of one size: --images must be a multiple of --batch")
images, labels = read(args.data, "train", args.images)
x, y = jnp.asarray(images, jnp.float32) / 255, jnp.asarray(labels, jnp.int32)
weights, logits = nets[args.work](jax.random.key(0))


def loss_of(weights, images, labels):
    scores = nn.log_softmax(logits(weights, images))
    return -jnp.take_along_axis(scores, labels[:, None], axis=-1).mean()


@functools.partial(jax.jit, donate_argnums=0)
def train_epoch(trained, x, y, key):
    def train_step(trained, rows):
        weights, state = trained
        loss, gradients = jax.value_and_grad(loss_of)(weights, x[rows], y[rows])
        return adam(weights, state, gradients), loss

    order = jax.random.permutation(key, len(x)).reshape(-1, args.batch)
    trained, losses = lax.scan(train_step, trained, order)
    return trained, losses.mean()


zeros = lambda: jax.tree.map(jnp.zeros_like, weights)
trained = (weights, {"count": jnp.zeros((), jnp.int32), "first": zeros(), "second": zeros()})
for number in range(args.epochs):
    epoch = Epoch(args.images)
    trained, loss = train_epoch(trained, x, y, jax.random.key(number))
    # Waits for the loss, and with it for the whole epoch, which is one computation.
    epoch.end(loss)
