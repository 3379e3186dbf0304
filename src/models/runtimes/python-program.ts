/**
 * What Python is told: `sys.argv` names the program that computes, and the folder of the model. It prints one line of
 * JSON: the version, and each output as base64 of float32; or what is missing.
 */
export const pythonProgram = `
import base64, json, os, struct, sys

runtime, folder = sys.argv[1:]
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")


def say(**told):
    print("\\n" + json.dumps(told), flush=True)


try:
    import numpy as np

    if runtime == "onnxruntime":
        import onnxruntime as library
    elif runtime == "Keras":
        import h5py
        import keras as library
    else:
        import mlflow.pyfunc
        import mlflow as library
        import onnxruntime
except ImportError as error:
    say(missing=f"Python has no {error.name or error}")
    sys.exit()

with open(os.path.join(folder, "golden", "inputs.safetensors"), "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    values = file.read()
inputs = {
    name: np.frombuffer(values[slice(*part["data_offsets"])], "<f4").reshape(part["shape"])
    for name, part in header.items()
}
given = list(inputs.values())
if runtime == "onnxruntime":
    session = library.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, dict(zip([one.name for one in session.get_inputs()], given)))
elif runtime == "Keras":
    model = library.saving.load_model(os.path.join(folder, "model.keras"))
    found = model.predict(given if len(given) > 1 else given[0], verbose=0)
else:
    model = library.pyfunc.load_model(folder)
    names = model.metadata.get_input_schema().input_names() if len(given) > 1 else []
    found = list(model.predict(dict(zip(names, given)) if len(given) > 1 else given[0]).values())
say(
    version=library.__version__,
    outputs=[
        base64.b64encode(np.asarray(one, "<f4").tobytes()).decode()
        for one in (found if isinstance(found, list) else [found])
    ],
)
`;
