/** What is wrong with an oracle file; `file` is the name its reader gave. */
export type OracleError =
  | { readonly _tag: 'NotJson'; readonly file: string; readonly reason: string }
  | { readonly _tag: 'WrongSchema'; readonly file: string; readonly schema: string }
  | {
      readonly _tag: 'WrongField'
      readonly file: string
      /** Name of the block, or its number if it has none; empty outside blocks. */
      readonly block: string
      /** Path inside the block, as `g_x.layers[0].W[1]`. */
      readonly field: string
      readonly reason: string
    }

/** One sentence on what is wrong and where. */
export const oracleErrorMessage = (error: OracleError): string => {
  switch (error._tag) {
    case 'NotJson':
      return `${error.file}: not JSON (${error.reason}).`
    case 'WrongSchema':
      return `${error.file}: the schema is ${error.schema}, where impflow-oracle-blocks-v1 should be.`
    case 'WrongField':
      return `${error.file}${error.block === '' ? '' : `, block ${error.block}`}, field ${error.field}: ${error.reason}.`
  }
}
