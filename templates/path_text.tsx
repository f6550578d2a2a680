/**
 * A path that breaks where its folders end.
 */

export const PathText = ({ path }: { path: string }) => (
  <>
    {path.split(/(?<=\/)/).map((part) => (
      <>
        {part}
        <wbr />
      </>
    ))}
  </>
)
