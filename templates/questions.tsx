/**
 * What is asked before something cannot be undone: in a dialog, or, without JavaScript, on a page of its own.
 */

import type { Child } from 'hono/jsx'
import type { SessionData } from './data.ts'
import { Layout } from './layout.tsx'
import { bytesText, countText } from './words.ts'

export type Question = 'cancel' | 'delete'

type Asked = Pick<SessionData, 'session' | 'progress'>

/** Both dialogs of a session's pages; closed until a button opens them. */
export const QuestionDialogs = (data: Asked) => (
  <>
    <dialog id='cancel' aria-labelledby='cancel-title'>
      <CancelForm {...data} inDialog />
    </dialog>
    <dialog id='delete' aria-labelledby='delete-title'>
      <DeleteForm {...data} inDialog />
    </dialog>
  </>
)

export const QuestionPage = ({ question, ...data }: Asked & { question: Question }) => (
  <Layout title={`${question === 'cancel' ? 'Cancel' : 'Delete'} ${data.session.artwork}`}>
    <div class='panel narrow'>
      {question === 'cancel' ? <CancelForm {...data} /> : <DeleteForm {...data} />}
    </div>
  </Layout>
)

interface FormProps extends Asked {
  inDialog?: boolean
}

const CancelForm = ({ session, inDialog = false }: FormProps) => (
  <form method='post' action={`/sessions/${session.key}/cancel`}>
    <Title id='cancel-title' inDialog={inDialog}>
      Cancel {session.artwork}?
    </Title>
    <p>
      What runs is ended and its half-made files are removed. Finished files stay in the output folder, and
      the session can be resumed later.
    </p>
    <div class='row'>
      <Keep session={session} inDialog={inDialog}>
        Keep running
      </Keep>
      <button class='danger'>Cancel the session</button>
    </div>
  </form>
)

const DeleteForm = ({ session, progress, inDialog = false }: FormProps) => (
  <form method='post' action={`/sessions/${session.key}/delete`}>
    <Title id='delete-title' inDialog={inDialog}>
      Delete “{session.artwork}”?
    </Title>
    <p>
      Its row in the history stays.
      {progress.files > 0 && ' The files it made stay too, unless you say so.'}
    </p>
    {progress.files > 0 && (
      <label class='row'>
        <input type='checkbox' name='outputs' value='delete' /> Delete the {countText(progress.files, 'file')}
        , {bytesText(progress.output_bytes)}
      </label>
    )}
    <div class='row'>
      <Keep session={session} inDialog={inDialog}>
        Keep
      </Keep>
      <button class='danger'>Delete</button>
    </div>
  </form>
)

const Keep = ({ session, inDialog, children }: Omit<FormProps, 'progress'> & { children?: string }) =>
  inDialog ? (
    <button type='button' data-closes>
      {children}
    </button>
  ) : (
    <a class='button' href={`/sessions/${session.key}`}>
      {children}
    </a>
  )

/** The first heading of a page of its own; a dialog stands on a page that has one. */
const Title = ({ id, inDialog, children }: { id: string; inDialog: boolean; children?: Child }) =>
  inDialog ? <h2 id={id}>{children}</h2> : <h1 id={id}>{children}</h1>
