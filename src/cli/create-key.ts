import { keyCommand } from './key-command.js'

const { isDone, text } = keyCommand(process.argv.slice(2))
if (isDone) console.log(text)
else {
  console.error(text)
  process.exitCode = 1
}
