import type { Department } from './department.js';

export const stationery: Department = {
  name: 'Stationery',
  description: 'Paper, ink and everything that turns them into letters, drawings and plans.',
  traits: ['a box worth keeping', 'a finish that grows handsomer with use', 'no plastic at all'],
  uses: [
    'It makes a present that nobody has to pretend to like.',
    'It is made in a small works by the sea, a few hundred at a time.',
    'Left-handed writers asked for it, and everybody else took to it.',
  ],
  groups: [
    {
      name: 'Writing',
      description: 'Instruments for the hand.',
      materials: ['Brass', 'Ebony', 'Silver', 'Cedar', 'Resin'],
      traits: [
        'a clip that holds on',
        'a balance that tires no hand',
        'a line that does not skip',
        'a cap that clicks',
      ],
      uses: ['It makes shopping lists look like literature.', 'Refills are in stock, and will be.'],
      shelves: [
        ['Fountain Pens', ['Fountain Pen', 'Pocket Fountain Pen', 'Calligraphy Pen'], 19, 349],
        ['Ballpoint Pens', ['Ballpoint Pen', 'Rollerball', 'Gel Pen'], 4, 89],
        ['Pencils', ['Pencil Set', 'Mechanical Pencil', 'Carpenter Pencil'], 3, 49],
        ['Inks', ['Ink Bottle', 'Ink Cartridge Pack', 'Drawing Ink'], 5, 39],
        ['Pen Cases', ['Pen Case', 'Pencil Roll', 'Pen Tray'], 9, 89],
      ],
    },
    {
      name: 'Paper',
      description: 'Sheets, bound and loose.',
      materials: ['Linen', 'Kraft', 'Cotton', 'Marbled', 'Recycled'],
      traits: [
        'paper that fountain pens love',
        'edges that are cut clean',
        'colours that do not fade',
        'a band that keeps it together',
      ],
      uses: [
        'It travels in coat pockets without complaint.',
        'It takes ink on both sides and lets none through.',
      ],
      shelves: [
        ['Notebooks', ['Notebook', 'Dotted Notebook', 'Field Notebook'], 5, 49],
        ['Diaries', ['Diary', 'Weekly Planner', 'Wall Planner'], 12, 59],
        ['Letter Sets', ['Letter Set', 'Envelope Pack', 'Note Cards'], 6, 39],
        ['Sketchbooks', ['Sketchbook', 'Watercolour Pad', 'Drawing Block'], 8, 69],
        ['Wrapping Paper', ['Wrapping Paper', 'Gift Tags', 'Paper Ribbon'], 3, 24],
      ],
    },
    {
      name: 'Desk Accessories',
      description: 'Order, where it is needed most.',
      materials: ['Walnut', 'Brass', 'Leather', 'Cork', 'Steel'],
      traits: [
        'a base that does not slip',
        'rounded edges',
        'a place for the small things too',
        'parts that can be replaced',
      ],
      uses: ['It keeps a desk tidy without looking strict.', 'It stays where you put it.'],
      shelves: [
        ['Organisers', ['Desk Organiser', 'Letter Tray', 'Pen Pot'], 9, 119],
        ['Staplers', ['Stapler', 'Hole Punch', 'Tape Dispenser'], 7, 69],
        ['Scissors', ['Scissors', 'Letter Opener', 'Paper Knife'], 6, 59],
        ['Rulers', ['Ruler', 'Triangle', 'Compass Set'], 4, 59],
        ['Desk Mats', ['Desk Mat', 'Cutting Mat', 'Mouse Mat'], 12, 99],
      ],
    },
    {
      name: 'Art Supplies',
      description: 'For everybody who has ever drawn in a margin.',
      materials: ['Studio', 'Cedar', 'Academy', 'Travel', 'Classic'],
      traits: [
        'a case that closes tightly',
        'a handle that feels right',
        'a chart of what goes with what',
        'parts that can be bought one by one',
      ],
      uses: ['Beginners learn on it, and keep it later on.', 'It fits into a bag for an afternoon outside.'],
      shelves: [
        ['Watercolours', ['Watercolour Set', 'Gouache Set', 'Travel Palette'], 14, 149],
        ['Brushes', ['Brush Set', 'Round Brush', 'Flat Brush'], 4, 69],
        ['Coloured Pencils', ['Coloured Pencils', 'Pastel Set', 'Wax Crayons'], 8, 129],
        ['Easels', ['Easel', 'Table Easel', 'Field Easel'], 24, 289],
        ['Linocut', ['Linocut Set', 'Brayer', 'Printing Ink'], 9, 79],
      ],
    },
  ],
};
