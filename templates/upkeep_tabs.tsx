/**
 * The head of every page of upkeep: its name, and the way to the others.
 */

export type UpkeepTab = 'health' | 'maintenance' | 'retention' | 'fixity' | 'log' | 'database' | 'backups'

const tabs: [UpkeepTab, string, string][] = [
  ['health', 'Health', '/upkeep'],
  ['maintenance', 'Maintenance', '/upkeep/maintenance'],
  ['retention', 'Clean-up', '/upkeep/retention'],
  ['fixity', 'Fixity', '/upkeep/fixity'],
  ['log', 'Log', '/upkeep/log'],
  ['database', 'Database', '/upkeep/database'],
  ['backups', 'Backups', '/upkeep/backups'],
]

export const UpkeepHead = ({ here }: { here: UpkeepTab }) => (
  <header class='session-head'>
    <h1>Upkeep</h1>
    <nav class='tabs' aria-label='Upkeep'>
      {tabs.map(([tab, word, href]) => (
        <a href={href} aria-current={tab === here ? 'page' : undefined}>
          {word}
        </a>
      ))}
    </nav>
  </header>
)
