/**
 * Where a list is searched.
 */

import { Icon } from './icon.tsx'

export interface SearchFieldProps {
  id: string
  /** What is searched for now. */
  value: string
  placeholder: string
  label: string
}

/** The key that leads to it is heard by static/page.js. */
export const SearchField = ({ label, ...field }: SearchFieldProps) => (
  <label class='search'>
    <Icon name='search' />
    <input type='search' name='q' {...field} aria-label={label} data-search autocomplete='off' /> <kbd>/</kbd>
  </label>
)
