/**
 * All sessions, newest first, and how to start one.
 */

import type { Session, SessionProgress } from '../db/schema.ts'
import { Layout } from './layout.tsx'

interface SessionsPageProps {
  sessions: { session: Session; progress: SessionProgress | undefined }[]
}

export function SessionsPage({ sessions }: SessionsPageProps) {
  return (
    <Layout title='Sessions'>
      <h1>Cutroom</h1>
      <p>
        Start a session from the shell: <code>npm run -s cutroom -- archive MASTER --artwork NAME</code>
      </p>
      {sessions.length === 0 ? <p>No sessions yet.</p> : <SessionTable sessions={sessions} />}
    </Layout>
  )
}

function SessionTable({ sessions }: SessionsPageProps) {
  return (
    <table>
      <thead>
        <tr>
          <th>Session</th>
          <th>Artwork</th>
          <th>Date</th>
          <th>Status</th>
          <th>Steps</th>
          <th>Problems</th>
        </tr>
      </thead>
      <tbody>
        {sessions.map(({ session, progress }) => (
          <tr>
            <td>{session.key}</td>
            <td>{session.artwork}</td>
            <td>{session.project_date}</td>
            <td>{session.status}</td>
            <td>
              {progress?.settled ?? 0} of {progress?.operations ?? 0}
            </td>
            <td>{progress?.problems ?? 0}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
