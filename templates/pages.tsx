/**
 * Links from one page of a long list to the next.
 */

export interface PagesProps {
  /** From 1. */
  page: number
  last: number
  href(page: number): string
}

/** Nothing where all fits on one page. */
export function Pages({ page, last, href }: PagesProps) {
  if (last <= 1) return null
  return (
    <nav class='row' aria-label='Pages'>
      <span class='soft'>
        Page {page} of {last}
      </span>
      {page > 1 && (
        <a class='button' id='page-before' href={href(Math.min(page - 1, last))}>
          Before
        </a>
      )}
      {page < last && (
        <a class='button' id='page-next' href={href(page + 1)}>
          Next
        </a>
      )}
    </nav>
  )
}
