// Runs the compiler, as a program that reads a request and writes an answer: each time a new one, so that nothing of a run
// that failed is left.

'use strict';

let program = null;

onmessage = ({ data }) => {
  if (data.program) {
    program = data.program;
    return;
  }
  const started = performance.now();
  let answer = null;
  let failure = null;
  try {
    answer = run(data.request);
  } catch (error) {
    failure = error instanceof RangeError ? 'the text or the run is nested too deeply for this browser' : String(error.message ?? error);
  }
  postMessage({ id: data.id, answer, failure, milliseconds: performance.now() - started });
};

/** Thrown where the program ends. */
class Exit extends Error {}

/** Codes of errors of the system interface: what is not there, and what is no file. */
const NO_SUCH_FUNCTION = 52,
  NO_SUCH_FILE = 8;

function run(request) {
  const input = new TextEncoder().encode(request);
  const written = { 1: [], 2: [] };
  let at = 0;
  let memory = null;
  const view = () => new DataView(memory.buffer);
  /** The buffers that a list of them names. */
  const buffers = (list, count) =>
    Array.from({ length: count }, (_, k) => {
      const [start, length] = [view().getUint32(list + 8 * k, true), view().getUint32(list + 8 * k + 4, true)];
      return new Uint8Array(memory.buffer, start, length);
    });
  const system = {
    fd_read(file, list, count, done) {
      if (file !== 0) return NO_SUCH_FILE;
      let total = 0;
      for (const buffer of buffers(list, count)) {
        const part = input.subarray(at, at + buffer.length);
        buffer.set(part);
        at += part.length;
        total += part.length;
      }
      view().setUint32(done, total, true);
      return 0;
    },
    fd_write(file, list, count, done) {
      if (!written[file]) return NO_SUCH_FILE;
      let total = 0;
      for (const buffer of buffers(list, count)) {
        written[file].push(buffer.slice());
        total += buffer.length;
      }
      view().setUint32(done, total, true);
      return 0;
    },
    environ_sizes_get(count, size) {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return 0;
    },
    environ_get: () => 0,
    args_sizes_get(count, size) {
      view().setUint32(count, 0, true);
      view().setUint32(size, 0, true);
      return 0;
    },
    args_get: () => 0,
    // Seeds of hash tables, whose order nothing depends on.
    random_get(start, length) {
      new Uint8Array(memory.buffer, start, length).fill(7);
      return 0;
    },
    proc_exit(code) {
      throw new Exit(`the program ended with ${code}`);
    },
  };
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(program)) {
    imports[module] ??= {};
    imports[module][name] = system[name] ?? (() => NO_SUCH_FUNCTION);
  }
  const instance = new WebAssembly.Instance(program, imports);
  memory = instance.exports.memory;
  const text = file => new TextDecoder().decode(joined(written[file]));
  try {
    instance.exports._start();
  } catch (error) {
    // What Rust says of a panic.
    if (!(error instanceof RangeError) && written[2].length > 0) throw new Error(text(2).trim());
    throw error;
  }
  return JSON.parse(text(1));
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
