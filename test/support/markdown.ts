import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface CodeBlock {
  /** `graphql`, `sh`, … */
  readonly language: string
  /** The word after the language: `run` marks a program that the tests run. */
  readonly flag: string
  readonly code: string
  /** The first line, for test titles. */
  readonly title: string
  /** The `json` block right after this one, which is its answer; null when there is none. */
  readonly answer: string | null
}

export interface MarkdownPage {
  /** Relative to the root of the repository: `docs/schema.md`. */
  readonly path: string
  readonly text: string
  readonly blocks: readonly CodeBlock[]
  /** Targets of links and images, as they are written. */
  readonly links: readonly string[]
  /** The fragments that links may point to: `#status`. */
  readonly anchors: readonly string[]
  /** Code spans within the text, without the blocks. */
  readonly inlineCode: readonly string[]
}

const FENCE = /^```([^\n]*)\n(.*?)^```$/gms

/** Every page at the root of the repository and below `docs/`. */
export function readPages(): readonly MarkdownPage[] {
  const root = readdirSync(ROOT)
  const docs = readdirSync(`${ROOT}docs`, { recursive: true, encoding: 'utf8' }).map((file) => `docs/${file}`)
  return [...root, ...docs]
    .filter((path) => path.endsWith('.md'))
    .sort()
    .map(readPage)
}

function readPage(path: string): MarkdownPage {
  const text = readFileSync(`${ROOT}${path}`, 'utf8')
  const prose = text.replace(FENCE, '')
  const withoutCode = prose.replace(/`[^`\n]+`/g, '')
  return {
    path,
    text,
    blocks: blocksIn(text),
    links: [...withoutCode.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!),
    anchors: [...prose.matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!)),
    inlineCode: [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code]) => code!),
  }
}

function blocksIn(text: string): CodeBlock[] {
  const found = [...text.matchAll(FENCE)]
  return found.map((match, at) => {
    const [whole, info = '', code = ''] = match
    const [language = '', flag = ''] = info.trim().split(/\s+/)
    const next = found[at + 1]
    const between = next && text.slice(match.index + whole.length, next.index)
    // After a heading or a second paragraph, the next block is about something else.
    const isAnswered = next?.[1]?.trim() === 'json' && between !== undefined && /^\n+[^\n#]*\n*$/.test(between)
    const title = code.trim().split('\n', 1)[0]!
    return { language, flag, code, title, answer: isAnswered ? next[2]! : null }
  })
}

/** The anchor that GitHub gives a heading. */
function anchorOf(heading: string): string {
  const text = heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '')
  return `#${text.trim().replaceAll(' ', '-')}`
}
