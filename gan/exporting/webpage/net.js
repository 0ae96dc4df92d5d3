// The net: unpacked from the page, and run in this browser.

const text = (id) => document.getElementById(id).textContent.trim();

// What stands in the page as base64 of gzip.
async function unpacked(id) {
  const packed = Uint8Array.from(atob(text(id)), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// A part of the runtime: from the page, or where the page names an address, from there and only if it is that file.
async function part(id) {
  if (!text(id).startsWith("https:")) return unpacked(id);
  const [address, integrity] = text(id).split(" ");
  return new Uint8Array(await (await fetch(address, { integrity, credentials: "omit" })).arrayBuffer());
}

class Net {
  // The inputs of the model's card, each with room for one picture's numbers in `rows`.
  constructor(runtime, session, inputs) {
    this.session = session;
    this.rows = {};
    this.feeds = {};
    for (const [name, size] of Object.entries(inputs)) {
      this.rows[name] = new Float32Array(size);
      this.feeds[name] = new runtime.Tensor("float32", this.rows[name], [1, size]);
    }
  }

  static async load(inputs) {
    const [code, wasm, model] = await Promise.all([part("runtime"), part("wasm"), unpacked("model")]);
    const address = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
    const runtime = await import(address);
    URL.revokeObjectURL(address);
    runtime.env.wasm.wasmBinary = wasm.buffer;
    runtime.env.wasm.numThreads = 1;  // more want headers that a static host does not send
    const session = await runtime.InferenceSession.create(model, { executionProviders: ["wasm"] });
    return new Net(runtime, session, inputs);
  }

  // One picture of what `rows` hold: numbers in -1…1, row by row, its channels side by side.
  async run() {
    return (await this.session.run(this.feeds)).pictures.data;
  }
}
