/**
 * The compiled inner loops of detection, and the memory that they share with those who call them.
 */

import { kernelWasm } from './kernel_wasm.ts'

/** What the files named `.as.ts` export; their comments say what each does. Pointers are offsets into the memory. */
export interface Loops {
  yuvLine(
    y: number,
    u: number,
    v: number,
    luma: number,
    lumaCount: number,
    chroma: number,
    chromaCount: number,
    weights: number,
    constants: number,
    groups: number,
    line: number,
  ): void
  channelLine(row: number, steps: number, count: number, weights: number, groups: number, line: number): void
  blendLines(
    upper: number,
    lower: number,
    upperWeight: number,
    lowerWeight: number,
    groups: number,
    to: number,
    plane: number,
  ): void
  hsvChanges(small: number, bytes: number, kept: number, sums: number): void
  fieldLight(small: number, plane: number, width: number, height: number, columns: number, sums: number): void
  lightAndSquares(small: number, bytes: number, sums: number): void
  weighColours(
    small: number,
    bytes: number,
    blue: number,
    green: number,
    red: number,
    shift: number,
    to: number,
  ): void
  squaredDetail(plane: number, width: number, height: number): number
  countPairs(from: number, bytes: number, counts: number): void
  shrinkEvenly(grey: number, across: number, down: number, scale: number, lift: number, to: number): void
  shrinkByArea(grey: number, width: number, columns: number, rows: number, line: number, to: number): void
  hashChange(square: number, waves: number, scratch: number, kept: number): number
}

export interface Kernel {
  loops: Loops
  /** Sets `bytes` zeroed bytes apart for good, aligned to 16, with as much slack behind as one wide read needs. */
  allocate(bytes: number): number
  /** A view of what lies there; it stays valid, for the memory never grows. */
  view(at: number, bytes: number): Uint8Array
  /** Copies values to a place of their own. */
  place(values: Int16Array | Int32Array | Uint8Array | Float32Array): number
}

/** Room for all that is not the frame: plans, lines, small images and what detectors keep of them. */
const besides = 8 << 20
const page = 1 << 16

/** A kernel of its own, for frames of up to `frameBytes`. Untouched memory costs nothing. */
export function openKernel(frameBytes: number): Kernel {
  const { exports } = new WebAssembly.Instance(compiled())
  const { memory, ...loops } = exports as unknown as Loops & { memory: Memory }
  memory.grow(Math.ceil((frameBytes + besides) / page))
  let free = 64
  const allocate = (bytes: number) => {
    const at = free
    free = (at + bytes + 47) & ~15
    if (free > memory.buffer.byteLength) throw new RangeError('The kernel has no room left.')
    return at
  }
  const view = (at: number, bytes: number) => new Uint8Array(memory.buffer, at, bytes)
  return {
    loops,
    allocate,
    view,
    place(values) {
      const at = allocate(values.byteLength)
      view(at, values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      return at
    },
  }
}

let cached: object | undefined
const compiled = () => (cached ??= new WebAssembly.Module(Buffer.from(kernelWasm, 'base64')))

/** As much of WebAssembly as is used; Node has it, and the types of browsers that tell of it are not loaded. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object) => { exports: object }
}

interface Memory {
  buffer: ArrayBuffer
  grow(pages: number): void
}
