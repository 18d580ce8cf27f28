import { describe, expect, it } from 'vitest'

interface ReleaseState {
  readonly version: string | undefined
  readonly current: string
  readonly changelog: string
  readonly changes: string
  readonly branch: string
  readonly tags: readonly string[]
}

interface Release {
  problemsOf(state: ReleaseState): readonly string[]
  datedChangelog(changelog: string, version: string, date: string): string
  notesOf(changelog: string): string
}

const path = '../.ci/release.js'
const { problemsOf, datedChangelog, notesOf } = (await import(path)) as Release

const CHANGELOG = '# Changelog\n\n## Unreleased\n\n- Something new.\n\n## 0.1.0\n\nThe first version.\n'
const READY: ReleaseState = {
  version: '0.2.0',
  current: '0.1.0',
  changelog: CHANGELOG,
  changes: '',
  branch: 'main',
  tags: ['v0.1.0'],
}

describe('a release', () => {
  it('can be made from a clean main branch with notes and a newer version', () => {
    expect(problemsOf(READY)).toEqual([])
  })

  it.each<[string, Partial<ReleaseState>, RegExp]>([
    ['no version', { version: undefined }, /Name the new version/],
    ['a version that is not semantic', { version: 'next' }, /Name the new version/],
    ['an older version', { version: '0.0.9' }, /not newer than 0\.1\.0/],
    ['the same version', { version: '0.1.0', tags: [] }, /not newer/],
    ['a tag that exists', { tags: ['v0.2.0'] }, /tag v0\.2\.0 exists/],
    ['another branch', { branch: 'topic' }, /this is topic/],
    ['uncommitted changes', { changes: ' M package.json\n' }, /working tree/],
    ['no notes', { changelog: '# Changelog\n\n## Unreleased\n\n## 0.1.0\n' }, /nothing under "Unreleased"/],
  ])('is refused with %s', (_reason, change, message) => {
    const problems = problemsOf({ ...READY, ...change })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(message)
  })

  it('moves the notes under the version and its date', () => {
    const dated = datedChangelog(CHANGELOG, '0.2.0', '2026-12-24')
    expect(dated).toContain('## Unreleased\n\n## 0.2.0 – 2026-12-24\n\n- Something new.\n\n## 0.1.0')
    expect(notesOf(dated)).toBe('')
  })
})
