import type { Department } from './department.js';

export const furniture: Department = {
  name: 'Furniture',
  description: 'Tables, seats, beds and shelves that are made to be handed on.',
  traits: ['rounded edges', 'felt pads under the feet', 'hidden fastenings', 'spare screws in the box'],
  uses: [
    'Two people put it together in half an hour; all tools are in the box.',
    'It fits into small flats as well as into old houses with crooked walls.',
    'A wipe with a damp cloth is all the care it asks for.',
  ],
  groups: [
    {
      name: 'Home Office',
      description: 'For long days at work and short walks to it.',
      materials: ['Oak', 'Walnut', 'Ash', 'Steel', 'Birch', 'Graphite'],
      traits: [
        'a channel for the cables',
        'brass fittings',
        'joints that neither creak nor wobble',
        'a height that suits tall people too',
      ],
      uses: ['It makes Mondays a little lighter.', 'It stands as firmly after a move as before it.'],
      shelves: [
        ['Desks', ['Desk', 'Writing Desk', 'Standing Desk', 'Corner Desk'], 149, 1290],
        ['Office Chairs', ['Office Chair', 'Swivel Chair', 'Kneeling Chair'], 89, 790],
        ['Filing Cabinets', ['Filing Cabinet', 'Drawer Unit', 'Rolling Cabinet'], 79, 420],
        ['Desk Lamps', ['Desk Lamp', 'Clamp Lamp', 'Reading Light'], 24, 189],
        ['Monitor Stands', ['Monitor Stand', 'Monitor Arm', 'Laptop Stand'], 19, 159],
      ],
    },
    {
      name: 'Living Room',
      description: 'Where everybody ends up in the evening.',
      materials: ['Oak', 'Walnut', 'Ash', 'Cherry', 'Rattan', 'Elm'],
      traits: [
        'a frame that can be taken apart and put together again',
        'a hand-rubbed oil finish',
        'legs that level themselves on uneven floors',
        'a surface that shrugs off water rings',
      ],
      uses: [
        'It looks its best near a window, where the grain catches the light.',
        'Children climb on it, cats sleep on it, and it does not show.',
      ],
      shelves: [
        ['Sofas', ['Sofa', 'Sofa Bed', 'Loveseat'], 390, 2890],
        ['Armchairs', ['Armchair', 'Wing Chair', 'Rocking Chair'], 190, 1290],
        ['Coffee Tables', ['Coffee Table', 'Side Table', 'Nesting Table'], 59, 690],
        ['Bookcases', ['Bookcase', 'Wall Shelf', 'Ladder Shelf'], 49, 890],
        ['Sideboards', ['Sideboard', 'Media Bench', 'Credenza'], 190, 1490],
      ],
    },
    {
      name: 'Bedroom',
      description: 'Everything for good nights and slow mornings.',
      materials: ['Oak', 'Beech', 'Pine', 'Birch', 'Walnut', 'Cherry'],
      traits: [
        'dovetailed joints',
        'a finish that smells of beeswax only',
        'a back that is as handsome as its front',
        'joints without a single nail',
      ],
      uses: [
        'It is as quiet as a bedroom should be.',
        'It ages well: scratches can be sanded out and oiled over.',
      ],
      shelves: [
        ['Beds', ['Bed Frame', 'Platform Bed', 'Daybed'], 190, 1690],
        ['Wardrobes', ['Wardrobe', 'Armoire', 'Clothes Rack'], 69, 1490],
        ['Nightstands', ['Nightstand', 'Bedside Table', 'Bedside Shelf'], 39, 290],
        ['Chests of Drawers', ['Chest of Drawers', 'Dresser', 'Tallboy'], 120, 990],
        ['Mirrors', ['Floor Mirror', 'Wall Mirror', 'Dressing Mirror'], 29, 390],
      ],
    },
    {
      name: 'Dining Room',
      description: 'For two on weekdays and twelve on holidays.',
      materials: ['Oak', 'Walnut', 'Ash', 'Beech', 'Elm', 'Maple'],
      traits: [
        'a hand-rubbed oil finish',
        'dovetailed joints',
        'a surface that shrugs off water rings',
        'legs that leave room for knees',
      ],
      uses: [
        'It has seen birthdays, homework and jigsaw puzzles, and forgives them all.',
        'It carries more weight than it looks.',
      ],
      shelves: [
        ['Dining Tables', ['Dining Table', 'Extending Table', 'Trestle Table'], 220, 2490],
        ['Dining Chairs', ['Dining Chair', 'Spindle Chair', 'Stacking Chair'], 49, 420],
        ['Benches', ['Bench', 'Storage Bench', 'Window Bench'], 79, 590],
        ['Bar Stools', ['Bar Stool', 'Counter Stool', 'Step Stool'], 39, 320],
        ['Serving Carts', ['Serving Cart', 'Bar Cart', 'Tea Trolley'], 69, 390],
      ],
    },
  ],
};
