import type { Department } from './department.js';

export const outdoors: Department = {
  name: 'Outdoors',
  description: 'Gear for hills, rivers, roads and the nights in between.',
  traits: ['a weight that is printed on the label and true', 'a lifelong repair service', 'a bag of its own'],
  uses: [
    'Families take it for the weekend, guides for the year.',
    'It has been rained on for you, on every ridge we could find.',
    'It is as good as new after a rinse under the tap.',
  ],
  groups: [
    {
      name: 'Camping',
      description: 'Home, for a night.',
      materials: ['Ripstop', 'Titanium', 'Canvas', 'Alloy', 'Featherlight'],
      traits: [
        'seams that are taped and tested',
        'zips and switches that work in gloves',
        'reflective details',
        'a repair kit in the bag',
      ],
      uses: [
        'It packs down to the size of a loaf of bread.',
        'Three seasons are its business; the fourth it can do as well.',
      ],
      shelves: [
        ['Tents', ['Tent', 'Tunnel Tent', 'Tarp'], 79, 890],
        ['Sleeping Bags', ['Sleeping Bag', 'Quilt', 'Sleeping Bag Liner'], 29, 590],
        ['Sleeping Mats', ['Sleeping Mat', 'Camp Bed', 'Inflatable Pillow'], 19, 249],
        ['Camp Stoves', ['Camp Stove', 'Wood Burner', 'Camp Kettle'], 24, 219],
        ['Headlamps', ['Headlamp', 'Camp Lantern', 'Torch'], 14, 129],
      ],
    },
    {
      name: 'Hiking',
      description: 'One foot in front of the other.',
      materials: ['Alpine', 'Waxed', 'Carbon', 'Trail', 'Storm'],
      traits: [
        'straps and laces that stay as you set them',
        'a lining that dries overnight',
        'soft edges where it touches the skin',
        'reflective piping',
      ],
      uses: [
        'It is as much at home on the way to work as above the tree line.',
        'It needs no breaking in: put it on and go.',
      ],
      shelves: [
        ['Backpacks', ['Backpack', 'Daypack', 'Trekking Pack'], 39, 390],
        ['Hiking Boots', ['Hiking Boots', 'Approach Shoes', 'Trail Shoes'], 79, 329],
        ['Trekking Poles', ['Trekking Poles', 'Folding Poles', 'Walking Stick'], 29, 189],
        ['Water Bottles', ['Water Bottle', 'Vacuum Flask', 'Water Filter'], 12, 89],
        ['Rain Jackets', ['Rain Jacket', 'Shell Jacket', 'Poncho'], 39, 449],
      ],
    },
    {
      name: 'Cycling',
      description: 'For getting there, and for going round in circles.',
      materials: ['Alloy', 'City', 'Waxed', 'Carbon', 'Touring'],
      traits: [
        'a mount that fits every bike',
        'a lock that a thief has given up on',
        'reflective piping',
        'parts that can be bought one by one',
      ],
      uses: ['It stays put on cobblestones.', 'It goes from the bike to the shoulder in a second.'],
      shelves: [
        ['Bike Lights', ['Bike Light', 'Rear Light', 'Dynamo Light'], 14, 149],
        ['Bike Bags', ['Pannier', 'Handlebar Bag', 'Saddle Bag'], 24, 189],
        ['Helmets', ['Cycling Helmet', 'Commuter Helmet', 'Trail Helmet'], 39, 249],
        ['Locks', ['Chain Lock', 'Folding Lock', 'U-Lock'], 24, 149],
        ['Bike Tools', ['Multi-Tool', 'Floor Pump', 'Repair Stand'], 12, 219],
      ],
    },
    {
      name: 'Water Sports',
      description: 'On, in and under the water.',
      materials: ['Coastal', 'Carbon', 'Neoprene', 'Harbour', 'Tidal'],
      traits: [
        'seams that are glued and sewn',
        'buckles that open with wet fingers',
        'a colour that can be seen from the shore',
        'a leash to keep it from drifting off',
      ],
      uses: ['Salt, sand and sun do it no harm.', 'It floats, should you let go of it.'],
      shelves: [
        ['Paddles', ['Paddle', 'Kayak Paddle', 'Canoe Paddle'], 39, 289],
        ['Dry Bags', ['Dry Bag', 'Deck Bag', 'Waterproof Pouch'], 12, 119],
        ['Wetsuits', ['Wetsuit', 'Neoprene Vest', 'Rash Guard'], 29, 389],
        ['Swim Goggles', ['Swim Goggles', 'Diving Mask', 'Snorkel Set'], 12, 119],
        ['Life Jackets', ['Life Jacket', 'Buoyancy Aid', 'Throw Line'], 29, 189],
      ],
    },
  ],
};
