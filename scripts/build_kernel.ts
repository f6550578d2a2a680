/**
 * `npm run build-kernel`: compiles the detectors' inner loops into a module that carries their bytes.
 */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import asc from 'assemblyscript/asc'

const project = path.resolve(import.meta.dirname, '..')
const folder = path.join(project, 'workers/detectors/kernel')
const scratch = mkdtempSync(path.join(os.tmpdir(), 'cutroom-kernel-'))
const wasm = path.join(scratch, 'kernel.wasm')

const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd']
try {
  const source = path.join(folder, 'kernel.as.ts')
  const { error } = await asc.main([source, ...options, '--outFile', wasm], { stderr: process.stderr })
  if (error) throw error
  writeFileSync(path.join(folder, 'kernel_wasm.ts'), carry(readFileSync(wasm)))
} finally {
  rmSync(scratch, { recursive: true })
}

function carry(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,104}/g) ?? []
  return [
    '/**',
    ' * The compiled kernel, made from `kernel.as.ts` by `npm run build-kernel`: do not edit.',
    ' */',
    '',
    '/** WebAssembly in base64. */',
    `export const kernelWasm =\n${lines.map((line) => `  '${line}'`).join(' +\n')}`,
    '',
  ].join('\n')
}
