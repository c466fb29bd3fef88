import type { Department } from './department.js';

export const garden: Department = {
  name: 'Garden',
  description: 'From the first seed tray to the last barbecue of the year.',
  traits: [
    'a coat that keeps rust and rot away',
    'a size that fits through a garden gate',
    'a loop for the hook in the shed',
  ],
  uses: [
    'It may stay outside all year.',
    'It is made for people who garden on Saturdays, and for those who do so every day.',
    'Frost does it no harm.',
  ],
  groups: [
    {
      name: 'Hand Tools',
      description: 'For digging, cutting and raking.',
      materials: ['Ash', 'Forged', 'Stainless', 'Cedar', 'Steel'],
      traits: [
        'a shaft of straight-grained wood',
        'blades that can be changed',
        'joints that are riveted, not glued',
        'an edge that a file brings back',
      ],
      uses: [
        'Heavy soil is no match for it.',
        'It is at hand when you need it, and easy to find in the grass.',
      ],
      shelves: [
        ['Spades', ['Spade', 'Digging Fork', 'Border Spade'], 24, 119],
        ['Trowels', ['Trowel', 'Hand Fork', 'Bulb Planter'], 9, 49],
        ['Secateurs', ['Secateurs', 'Lopper', 'Hedge Shears'], 19, 139],
        ['Rakes', ['Rake', 'Leaf Rake', 'Hoe'], 17, 79],
        ['Gloves', ['Garden Gloves', 'Gauntlets', 'Work Gloves'], 7, 49],
      ],
    },
    {
      name: 'Growing',
      description: 'A start in life for whatever you sow.',
      materials: ['Terracotta', 'Cedar', 'Willow', 'Galvanised', 'Larch'],
      traits: [
        'drainage holes where they belong',
        'feet that keep it off wet ground',
        'walls that keep the warmth of the day',
        'a pattern pressed in by hand',
      ],
      uses: ['Balconies are welcome: it needs little room.', 'Tomatoes like it, and so do the neighbours.'],
      shelves: [
        ['Pots', ['Plant Pot', 'Hanging Pot', 'Window Box'], 6, 129],
        ['Raised Beds', ['Raised Bed', 'Cold Frame', 'Planter'], 39, 289],
        ['Seed Trays', ['Seed Tray', 'Propagator', 'Pot Maker'], 7, 69],
        ['Plant Supports', ['Trellis', 'Obelisk', 'Cane Bundle'], 8, 129],
        ['Composters', ['Composter', 'Worm Bin', 'Kitchen Caddy'], 19, 249],
      ],
    },
    {
      name: 'Watering',
      description: 'Water where it is wanted, and nowhere else.',
      materials: ['Galvanised', 'Copper', 'Brass', 'Enamel', 'Zinc'],
      traits: [
        'couplings that fit all common taps',
        'seams that have been tested under pressure',
        'a balance that holds when it is full',
        'a sieve that comes off for cleaning',
      ],
      uses: [
        'It gets through dry Augusts without waste.',
        'Empty it before the frost, and it will be there in spring.',
      ],
      shelves: [
        ['Watering Cans', ['Watering Can', 'Indoor Watering Can', 'Mister'], 12, 89],
        ['Hoses', ['Garden Hose', 'Hose Reel', 'Soaker Hose'], 19, 189],
        ['Sprinklers', ['Sprinkler', 'Spray Gun', 'Watering Spike'], 9, 89],
        ['Rain Barrels', ['Rain Barrel', 'Rain Chain', 'Downpipe Filter'], 24, 249],
        ['Fountains', ['Fountain', 'Bird Bath', 'Water Bowl'], 29, 390],
      ],
    },
    {
      name: 'Outdoor Living',
      description: 'Because the garden is a room too.',
      materials: ['Teak', 'Steel', 'Cast Iron', 'Acacia'],
      traits: [
        'hinges that fold it flat',
        'feet that do not sink into the lawn',
        'a finish that turns silver over the years',
        'a cover for the winter',
      ],
      uses: ['It makes the evenings longer.', 'It cleans itself in the next rain.'],
      shelves: [
        ['Garden Chairs', ['Garden Chair', 'Deck Chair', 'Sun Lounger'], 39, 390],
        ['Garden Tables', ['Garden Table', 'Bistro Table', 'Picnic Table'], 69, 790],
        ['Grills', ['Charcoal Grill', 'Fire Bowl', 'Smoker'], 49, 890],
        ['Lanterns', ['Lantern', 'Garden Torch', 'String Lights'], 12, 129],
        ['Bird Houses', ['Bird House', 'Bird Feeder', 'Bee Hotel'], 14, 79],
      ],
    },
  ],
};
