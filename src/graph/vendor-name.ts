import { EnumRef } from '@pothos/core'
import type { VendorName } from '../job/vendor-name.js'
import { builder } from './builder.js'

/** The `Vendor` enum. Its values are not known at this level: {@link defineVendorNames} adds them. */
export const VendorNameEnum = new EnumRef<(typeof builder)['$inferSchemaTypes'], VendorName>('Vendor')

/** Adds one value per vendor to the enum. Call it once, before the schema is built. */
export function defineVendorNames(
  modules: readonly { readonly name: VendorName; readonly description: string }[],
): void {
  const values = Object.fromEntries(modules.map(({ name, description }) => [name, { value: name, description }]))
  VendorNameEnum.updateConfig({
    kind: 'Enum',
    graphqlKind: 'Enum',
    name: 'Vendor',
    description: 'A vendor that runs jobs. Values may be added: keep a default branch.',
    values,
    pothosOptions: { values },
  })
  builder.configStore.addTypeRef(VendorNameEnum)
}
