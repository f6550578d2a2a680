/**
 * The folders of the server that are read and written: named, added, removed.
 */

export interface RootData {
  key: string
  kind: string
  path: string
  name: string | null
  /** Sessions or files need it. */
  inUse: boolean
  /** Given when Cutroom was started. */
  fixed: boolean
}

const kinds: Record<string, string> = {
  media: 'masters are picked here',
  output: 'project folders are made here',
  source: 'masters or R&D files were read from here',
}

export interface RootsPanelProps {
  roots: RootData[]
  /** What was typed for a new root, and why it was refused. */
  newRoot?: { path: string; name: string; problem: string } | undefined
}

export const RootsPanel = ({ roots, newRoot }: RootsPanelProps) => (
  <section class='panel' id='roots' aria-labelledby='roots-title'>
    <header>
      <h2 id='roots-title'>
        Roots{' '}
        <span class='soft'>All that Cutroom reads or writes lies in one of these folders of the server.</span>
      </h2>
    </header>
    <div class='scroll'>
      <table class='table folds'>
        <thead>
          <tr>
            <th scope='col'>Folder</th>
            <th scope='col'>For</th>
            <th scope='col'>Name</th>
            <th scope='col'>
              <span class='visually-hidden'>Remove</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {roots.map((root) => (
            <RootRow {...root} />
          ))}
        </tbody>
      </table>
    </div>
    <form class='fields roomy' method='post' action='/settings/roots' autocomplete='off'>
      <div class='field'>
        <label for='root-path'>Another output folder</label>
        <input
          id='root-path'
          name='path'
          value={newRoot?.path}
          placeholder='/mnt/studio/archive'
          aria-describedby='root-help'
          aria-invalid={newRoot ? 'true' : undefined}
          autofocus={newRoot !== undefined}
        />
        <small id='root-help' class={newRoot ? 'error' : undefined}>
          {newRoot?.problem ?? 'On the server, from its top; it must be there and writable'}
        </small>
      </div>
      <div class='field'>
        <label for='root-name'>Its name</label>
        <input id='root-name' name='name' value={newRoot?.name} maxlength={60} />
        <small>What people pick it by; its path if empty</small>
      </div>
      <p>
        <button>Add the folder</button>
      </p>
    </form>
  </section>
)

const RootRow = ({ key, kind, path, name, inUse, fixed }: RootData) => (
  <tr>
    <td class='path'>{path}</td>
    <td class='soft'>{kinds[kind] ?? kind}</td>
    <td>
      <form class='row tight' method='post' action={`/settings/roots/${key}`}>
        <input name='name' value={name ?? ''} maxlength={60} aria-label={`Name of ${path}`} />
        <button class='quiet'>Rename</button>
      </form>
    </td>
    <td class='number'>
      {fixed || inUse ? (
        <span class='soft'>{fixed ? 'from the start' : 'in use'}</span>
      ) : (
        <form method='post' action={`/settings/roots/${key}/remove`}>
          <button class='quiet danger' aria-label={`Remove ${path}`}>
            Remove
          </button>
        </form>
      )}
    </td>
  </tr>
)
