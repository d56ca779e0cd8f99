/** The path of a file URL, on POSIX and Windows, without `node:url`: the plots import nothing of Node's. */
const pathOf = (url: string): string => decodeURIComponent(new URL(url).pathname).replace(/^\/(?=[A-Za-z]:)/, '')

const inter = '@expo-google-fonts/inter'

/**
 * Paths of the two font files that every PNG is drawn with, so that text never depends on the machine's fonts: without
 * any font resvg silently drops all text.
 * failure  throws when the package is not installed; `draw` turns that into RenderFailed
 */
export const fontFiles = (): string[] =>
  [`${inter}/400Regular/Inter_400Regular.ttf`, `${inter}/600SemiBold/Inter_600SemiBold.ttf`].map(file =>
    pathOf(import.meta.resolve(file))
  )
