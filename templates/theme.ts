/**
 * Whether pages are light or dark for everybody: set before a page is rendered, as the setting stands then.
 */

let worn: string | undefined

/** @param theme "light", "dark", or anything else for each reader's own. */
export function wearTheme(theme: string): void {
  worn = theme === 'light' || theme === 'dark' ? theme : undefined
}

export const themeWorn = () => worn
