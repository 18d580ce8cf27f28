import type { CodegenConfig } from '@graphql-codegen/cli'

/** Typed documents for the example operations, which the tests send. `npm run generate` prints the schema first. */
const config: CodegenConfig = {
  schema: 'schema/schema.graphql',
  importExtension: '.js',
  documents: 'schema/operations/*.graphql',
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        scalars: { DateTime: 'string', JSON: 'unknown' },
      },
    },
  },
}

export default config
