/**
 * Short random names for rows, so that nothing in a URL can be guessed or is ever used twice.
 */

/** Digits and letters without i, l, o and u, which are misread or spell words (Crockford's base 32). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** 12 characters, 60 random bits: a collision is not to be expected before a billion rows. */
export const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => alphabet[byte & 31]).join('')
