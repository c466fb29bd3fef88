// How the rows of two models meet, out of Prisma's two half-told sides of a relation.

/** The relations of a model, each with the Prisma field it comes from. */
export function buildRelations(model, modelsByName, isView) {
  const relations = [];
  for (const field of model.fields) {
    if (field.kind !== 'object') continue;
    const target = modelsByName.get(field.type);
    const opposite = target && findOpposite(model, field, target);
    const link = opposite && findLink(model, field, target, opposite);
    // No link: a column of the key is @ignore'd or Unsupported, so the rows cannot be brought together.
    if (!link) continue;
    relations.push({
      field,
      name: field.name,
      target: field.type,
      relationName: field.relationName,
      cardinality: field.isList ? 'many' : 'one',
      isNullable: !field.isList && isMissable(model, field, link, isView),
      link,
    });
  }
  return relations;
}

function findOpposite(model, field, target) {
  return target.fields.find(
    (other) =>
      other.relationName === field.relationName && !(target.name === model.name && other.name === field.name),
  );
}

function findLink(model, field, target, opposite) {
  if (field.isList && opposite.isList) return joinTableLink(model, field, target, opposite);
  const keyIsHere = field.relationFromFields.length > 0;
  const local = keyIsHere ? field.relationFromFields : opposite.relationToFields;
  const foreign = keyIsHere ? field.relationToFields : opposite.relationFromFields;
  const complete = hasColumns(model, local) && hasColumns(target, foreign);
  return complete ? { kind: 'columns', local, foreign, keyOn: keyIsHere ? 'local' : 'foreign' } : null;
}

// Prisma keeps an implicit many-to-many in a table `_<relation>`, in the schema of the model whose name comes
// first; its column A points to that model, B to the other. Between rows of one model the field whose name
// comes first is A's.
function joinTableLink(model, field, target, opposite) {
  const isSelf = model.name === target.name;
  const isFirst = isSelf ? field.name < opposite.name : model.name < target.name;
  const first = isFirst ? model : target;
  return {
    kind: 'join',
    table: `_${field.relationName}`,
    tableSchema: first.schema ?? null,
    localJoinColumn: isFirst ? 'A' : 'B',
    foreignJoinColumn: isFirst ? 'B' : 'A',
    local: [keyOf(model)],
    foreign: [keyOf(target)],
  };
}

// Prisma allows an implicit many-to-many only between models with an @id of one field.
function keyOf(model) {
  return model.fields.find((field) => field.isId)?.name ?? model.primaryKey.fields[0];
}

function hasColumns(model, names) {
  return names.every((name) => model.fields.some((field) => field.name === name && field.kind !== 'object'));
}

// Nothing but a foreign key promises that the other row is there: not a view's columns, and not the side
// that the key points to.
function isMissable(model, field, link, isView) {
  return link.keyOn === 'foreign' || !field.isRequired || isView(model.name) || isView(field.type);
}
