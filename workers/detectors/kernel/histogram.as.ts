/**
 * Counts how many bytes have which value.
 */

/**
 * Counts the pairs of values 0 and 1, 2 and 3 and so on among `bytes` (a multiple of 4) at `from` into 128 u32 at
 * `counts`, where there is room for three times as many more: neighbours, often alike, are counted apart.
 */
export function countPairs(from: usize, bytes: usize, counts: usize): void {
  memory.fill(counts, 0, 2048)
  for (let i: usize = 0; i < bytes; i += 4) {
    countOne(counts, load<u8>(from + i))
    countOne(counts + 512, load<u8>(from + i, 1))
    countOne(counts + 1024, load<u8>(from + i, 2))
    countOne(counts + 1536, load<u8>(from + i, 3))
  }
  for (let i: usize = 0; i < 512; i += 16) {
    const some = i32x4.add(v128.load(counts + i), v128.load(counts + i, 512))
    const others = i32x4.add(v128.load(counts + i, 1024), v128.load(counts + i, 1536))
    v128.store(counts + i, i32x4.add(some, others))
  }
}

@inline
function countOne(counts: usize, value: u32): void {
  const at = counts + ((value >> 1) << 2)
  store<u32>(at, load<u32>(at) + 1)
}
