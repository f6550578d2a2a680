/**
 * Which columns hold secrets, by their names: what they hold is never shown, exported in part, or asked for.
 */

const pattern =
  /(^|_)(password|passphrase|secret|token|credential|api_key|private_key|cookie)(s|_hash|_digest)?$/i

export const isSecret = (column: string): boolean => pattern.test(column)

/** What stands in the place of a secret. */
export const masked = '(secret)'
