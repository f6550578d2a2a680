/**
 * Addresses of what the package itself serves, each with its version, so that browsers keep it until it is another.
 */

let versionOf: (name: string) => string | undefined = () => undefined

/** Set once, by the app: there is one package to a process. */
export function versionAssets(lookUp: typeof versionOf): void {
  versionOf = lookUp
}

/** `/static/app.css?v=…`. */
export function asset(name: string): string {
  const version = versionOf(name)
  return version === undefined ? `/static/${name}` : `/static/${name}?v=${version}`
}
