/**
 * The head of a column by which a table can be sorted.
 */

export type Order = 'asc' | 'desc'

export interface SortColumnProps<Sort extends string> {
  sort: Sort
  /** How the table is sorted now. */
  query: { sort: Sort; order: Order }
  /** Figures stand at the right, and are read from the most on, where words are from A on. */
  number?: boolean | undefined
  /** The table's address when it is sorted like this. */
  href(sorted: { sort: Sort; order: Order }): string
  /** Id of what the answer takes the place of. */
  target: string
  children?: string | undefined
}

/** Sorts the other way round where the table is sorted by it already. */
export function SortColumn<Sort extends string>(props: SortColumnProps<Sort>) {
  const { sort, query, number, target, children } = props
  const sorted = query.sort === sort
  const order = sorted ? opposite[query.order] : number ? 'desc' : 'asc'
  const href = props.href({ sort, order })
  return (
    <th
      scope='col'
      class={number ? 'number' : undefined}
      aria-sort={sorted ? (query.order === 'asc' ? 'ascending' : 'descending') : undefined}
    >
      <a
        id={`sort-${sort}`}
        href={href}
        hx-get={href}
        hx-target={`#${target}`}
        hx-swap='outerMorph'
        hx-push-url='true'
      >
        {children}
        {sorted && <span aria-hidden='true'> {query.order === 'asc' ? '↑' : '↓'}</span>}
      </a>
    </th>
  )
}

const opposite: Record<Order, Order> = { asc: 'desc', desc: 'asc' }
