/**
 * A problem that has a page to itself.
 */

import { Layout } from './layout.tsx'

export function ProblemPage({ title, message }: { title: string; message: string }) {
  return (
    <Layout title={title}>
      <h1>{title}</h1>
      <p>{message}</p>
      <p>
        <a href='/'>To the sessions</a>
      </p>
    </Layout>
  )
}
