/** The short form of an id: its random end, which tells tasks of the same moment apart. */
export function shortTaskId(id: string): string {
  return id.length <= 13 ? id : `${id.slice(0, 4)}…${id.slice(-6)}`;
}
