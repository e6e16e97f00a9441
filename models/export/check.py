"""Opens a bundle's graph in onnxruntime for Python, holds it to its contract, and answers encoded texts read from standard input.

python3 models/export/check.py BUNDLE < texts.json      needs onnxruntime and numpy; with onnx installed its checker runs too

texts.json: {"rows": [[1, 2, 0]], "weights": [[0.8, 0.6, 0.0]], "embedding": [[…]]} ("signs": [[2, 7, 0]] where the manifest names
them, embedding where it names an encoder).
The last line is one JSON object: what was checked, inputs, outputs, and the answers, head by head.
"""

import json
import pathlib
import sys

import numpy
import onnxruntime


def contract(manifest):
    """Names, types and shapes that the manifest promises; a word is a free size."""
    inputs = {
        "rows": ("tensor(int32)", ["batch", "features"]),
        "weights": ("tensor(float)", ["batch", "features"]),
    }
    if "signs" in manifest["graph"]:
        inputs["signs"] = ("tensor(int32)", ["batch", "places"])
    if "encoder" in manifest:
        inputs["embedding"] = ("tensor(float)", ["batch", manifest["encoder"]["dimensions"]])
    outputs = {}
    for head in manifest["heads"]:
        outputs[head["name"]] = ("tensor(float)", ["batch", len(head["labels"])])
        outputs[head["name"] + "_energy"] = ("tensor(float)", ["batch"])
    return inputs, outputs


def check_with_onnx(graph, opset):
    """The reference implementation's own checker with its shape inference; its version, or nothing where it is not installed."""
    try:
        import onnx
    except ImportError:
        return None
    model = onnx.load_from_string(graph)
    onnx.checker.check_model(model, full_check=True)
    assert [(one.domain, one.version) for one in model.opset_import] == [("", opset)], "another opset than the manifest's"
    return onnx.__version__


def main():
    folder = pathlib.Path(sys.argv[1])
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    graph = (folder / "model.onnx").read_bytes()
    checker = check_with_onnx(graph, manifest["graph"]["opset"])
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    inputs, outputs = contract(manifest)
    told = lambda values: {value.name: (value.type, value.shape) for value in values}
    assert told(session.get_inputs()) == inputs, told(session.get_inputs())
    assert told(session.get_outputs()) == outputs, told(session.get_outputs())
    texts = json.load(sys.stdin)
    kinds = {"rows": numpy.int32, "weights": numpy.float32, "signs": numpy.int32, "embedding": numpy.float32}
    feeds = {name: numpy.array(texts[name], dtype=kinds[name]) for name in inputs}
    answers = dict(zip(outputs, session.run(list(outputs), feeds)))
    for name, values in answers.items():
        assert values.dtype == numpy.float32, name
        assert values.shape == tuple([len(texts["rows"]), *outputs[name][1][1:]]), (name, values.shape)
    print(
        json.dumps(
            {
                "onnxruntime": onnxruntime.__version__,
                "onnx": checker,
                "inputs": inputs,
                "outputs": outputs,
                "answers": {name: values.tolist() for name, values in answers.items()},
            }
        )
    )


main()
