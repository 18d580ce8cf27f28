// Prepares a release. Without --write it changes nothing: it checks, and prints what it would do.
//
//   npm run release -- 0.2.0            dry run
//   npm run release -- 0.2.0 --write    sets the version, dates the changelog, commits and tags
//
// Publishing stays a manual step.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const SEMVER = /^(\d+)\.(\d+)\.(\d+)(-[\da-z.-]+)?$/
const UNRELEASED = '## Unreleased\n'

/**
 * What stands in the way of a release; empty when nothing does.
 * @param {{ version: string | undefined, current: string, changelog: string, changes: string, branch: string, tags: readonly string[] }} state
 *   `changes` is the output of `git status --porcelain`
 * @returns {string[]}
 */
export function problemsOf({ version, current, changelog, changes, branch, tags }) {
  if (version === undefined || !SEMVER.test(version)) return ['Name the new version: npm run release -- 0.2.0']
  return [
    ...(isNewer(version, current) ? [] : [`${version} is not newer than ${current}.`]),
    ...(tags.includes(`v${version}`) ? [`The tag v${version} exists.`] : []),
    ...(branch === 'main' ? [] : [`Releases are made from main, and this is ${branch || 'a detached HEAD'}.`]),
    ...(changes.trim() === '' ? [] : ['The working tree has changes. Commit or stash them.']),
    ...(notesOf(changelog) === '' ? ['CHANGELOG.md has nothing under "Unreleased".'] : []),
  ]
}

/**
 * The changelog with the unreleased notes under the new version, and an empty "Unreleased" above them.
 * @param {string} changelog
 * @param {string} version
 * @param {string} date `yyyy-mm-dd`
 */
export function datedChangelog(changelog, version, date) {
  return changelog.replace(UNRELEASED, `${UNRELEASED}\n## ${version} – ${date}\n`)
}

/**
 * The notes under "Unreleased".
 * @param {string} changelog
 */
export function notesOf(changelog) {
  const [, after = ''] = changelog.split(UNRELEASED)
  return after.split(/^## /m)[0].trim()
}

function isNewer(version, current) {
  const [one, other] = [version, current].map((text) => SEMVER.exec(text).slice(1, 4).map(Number))
  const at = one.findIndex((part, index) => part !== other[index])
  return at >= 0 && one[at] > other[at]
}

function run(command, ...args) {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function main(args) {
  const version = args.find((arg) => !arg.startsWith('--'))
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const { version: current } = JSON.parse(readFileSync('package.json', 'utf8'))
  const problems = problemsOf({
    version,
    current,
    changelog,
    changes: run('git', 'status', '--porcelain'),
    branch: run('git', 'branch', '--show-current').trim(),
    tags: run('git', 'tag', '--list').split('\n'),
  })
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem)
    process.exitCode = 1
    return
  }
  run('npm', 'run', 'build')
  const [{ files, size }] = JSON.parse(run('npm', 'pack', '--dry-run', '--json', '--ignore-scripts'))
  console.log(`Docket ${current} → ${version}: ${files.length} files, ${size} bytes packed.\n\n${notesOf(changelog)}\n`)
  if (!args.includes('--write')) return console.log('Dry run: nothing was changed. Add --write to make the release.')
  writeFileSync('CHANGELOG.md', datedChangelog(changelog, version, new Date().toISOString().slice(0, 10)))
  run('npm', 'version', version, '--no-git-tag-version', '--ignore-scripts')
  run('git', 'commit', '--all', '--message', `Release ${version}`)
  run('git', 'tag', '--annotate', `v${version}`, '--message', `Docket ${version}`)
  console.log(
    `Committed and tagged v${version}. Next: run .ci/run, push the branch and the tag, then npm publish --provenance.`,
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2))
