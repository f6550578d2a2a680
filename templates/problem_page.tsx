/**
 * A problem that has a page to itself, or, on a page that asked for a part, a notice in it.
 */

import { Notice } from './icon.tsx'
import { Layout } from './layout.tsx'
import { partial } from './partial.tsx'

export interface ProblemProps {
  title: string
  message: string
  /** The server's fault, so trying again is what can be done. */
  ours?: boolean
}

export function ProblemPage({ title, message, ours = false }: ProblemProps) {
  return (
    <Layout title={title}>
      <div class='empty'>
        <h1>{title}</h1>
        <p>{message}</p>
        <p class='row'>
          {ours ? (
            <a class='button' href=''>
              Try again
            </a>
          ) : (
            <a class='button' href='/history'>
              Look in the history
            </a>
          )}
          <a class='button' href='/'>
            Home
          </a>
        </p>
      </div>
    </Layout>
  )
}

/** The answer to htmx: the page stays as it is and says what went wrong. */
export const problemNotice = (message: string) => partial('notices', <ProblemNotice message={message} />)

const ProblemNotice = ({ message }: { message: string }) => (
  <div id='notices' role='alert'>
    <Notice kind='problem'>{message}</Notice>
  </div>
)

/** Takes away what an earlier answer complained of. */
export const noNotice = partial('notices', <div id='notices'></div>)
