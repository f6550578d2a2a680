/**
 * The slider that moves the line between two pictures of one frame; static/before_after.js follows it.
 */

/** A browser that brings a page back would bring its place back, too, and not the line’s. */
export const Divider = ({ about }: { about: string }) => (
  <input type='range' min='0' max='100' value='50' autocomplete='off' data-divide aria-label={about} />
)
