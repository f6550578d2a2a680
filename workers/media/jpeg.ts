/**
 * Puts EXIF and XMP into a finished JPEG.
 */

/**
 * @param exif a TIFF structure, as `exifBytes` makes it; @param xmp an XMP packet.
 * @returns the JPEG in parts, to be written one after the other.
 * @throws Error where `jpeg` is none, or a block is longer than a segment can be (64 KiB).
 */
export function withMetadata(jpeg: Uint8Array, exif: Uint8Array, xmp: string): Uint8Array[] {
  if (jpeg[0] !== 0xff || jpeg[1] !== 0xd8) throw new Error('This is not a JPEG.')
  const encode = (text: string) => new TextEncoder().encode(text)
  return [
    jpeg.subarray(0, 2),
    segment(encode('Exif\0\0'), exif),
    segment(encode('http://ns.adobe.com/xap/1.0/\0'), encode(xmp)),
    // Exif asks to be first, so a JFIF header goes: what it says of density is said by nobody else, and is 72 dpi.
    jpeg.subarray(2 + jfifLength(jpeg)),
  ]
}

/** An APP1 segment. Source: ITU-T T.81 B.2.4.6; the length counts itself. */
function segment(name: Uint8Array, body: Uint8Array): Uint8Array {
  const length = 2 + name.length + body.length
  if (length > 0xffff) throw new Error('A JPEG segment holds at most 64 KiB.')
  return Uint8Array.of(0xff, 0xe1, length >> 8, length & 0xff, ...name, ...body)
}

const jfifLength = (jpeg: Uint8Array) =>
  jpeg[2] === 0xff && jpeg[3] === 0xe0 ? 2 + ((jpeg[4] ?? 0) << 8) + (jpeg[5] ?? 0) : 0
