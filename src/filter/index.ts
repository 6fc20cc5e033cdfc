export type { FilterColumns, Mask } from './columns.ts';
export { checkFilter, compileFilter, compileFilters, FilterError, type FilterOptions, fieldsOf } from './compile.ts';
export { type FieldTest, type Filter, filter } from './form.ts';
