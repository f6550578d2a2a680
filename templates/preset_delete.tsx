/**
 * Asks before a preset is removed.
 */

import type { Preset } from '../db/schema.ts'
import { Layout } from './layout.tsx'
import { countText } from './words.ts'

/** In a dialog; without JavaScript on a page of its own. */
export const DeleteDialog = (preset: Preset) => (
  <dialog id='delete' aria-labelledby='delete-title'>
    <DeleteForm preset={preset} inDialog />
  </dialog>
)

export const DeletePresetPage = ({ preset }: { preset: Preset }) => (
  <Layout title={`Delete ${preset.name}`} here='presets'>
    <div class='panel narrow'>
      <DeleteForm preset={preset} />
    </div>
  </Layout>
)

const DeleteForm = ({ preset, inDialog = false }: { preset: Preset; inDialog?: boolean }) => (
  <form method='post' action={`/presets/${preset.key}/delete`}>
    {inDialog ? (
      <h2 id='delete-title'>Delete “{preset.name}”?</h2>
    ) : (
      <h1 id='delete-title'>Delete “{preset.name}”?</h1>
    )}
    <p>
      {preset.use_count === 0
        ? 'No session has used it.'
        : `${countText(preset.use_count, 'session')} used it; they keep the settings they were made with.`}{' '}
      Export it first if you may want it back.
    </p>
    <div class='row'>
      {inDialog ? (
        <button type='button' data-closes>
          Keep
        </button>
      ) : (
        <a class='button' href={`/presets/${preset.key}`}>
          Keep
        </a>
      )}
      <button class='danger'>Delete</button>
    </div>
  </form>
)
