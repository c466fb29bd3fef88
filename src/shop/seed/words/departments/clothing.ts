import type { Department } from './department.js';

export const clothing: Department = {
  name: 'Clothing',
  description: 'Few things, well made, in colours that go together.',
  traits: [
    'a label that does not scratch',
    'seams that lie flat',
    'yarn from a mill we visit every year',
    'mending thread in the box',
  ],
  uses: [
    'It grows softer with every wash.',
    'It goes with nearly everything you have.',
    'Holes happen: we mend them for the price of the postage.',
  ],
  groups: [
    {
      name: 'Tops',
      description: 'From the waist up.',
      materials: ['Merino', 'Linen', 'Organic Cotton', 'Flannel', 'Hemp'],
      traits: [
        'buttons of corozo nut',
        'cuffs that can be rolled up',
        'a collar that keeps its shape',
        'a cut that leaves room to move',
      ],
      uses: [
        'It is cut to be worn alone or under something warm.',
        'Wash it cold, hang it up, and it needs no iron.',
      ],
      shelves: [
        ['T-Shirts', ['T-Shirt', 'Pocket T-Shirt', 'Henley'], 17, 79],
        ['Shirts', ['Shirt', 'Overshirt', 'Work Shirt'], 39, 189],
        ['Sweaters', ['Sweater', 'Cardigan', 'Roll-Neck Sweater'], 49, 289],
        ['Hoodies', ['Hoodie', 'Sweatshirt', 'Half-Zip'], 39, 149],
        ['Vests', ['Vest', 'Quilted Vest', 'Waistcoat'], 39, 189],
      ],
    },
    {
      name: 'Bottoms',
      description: 'From the waist down.',
      materials: ['Organic Cotton', 'Linen', 'Corduroy', 'Hemp', 'Merino'],
      traits: [
        'a waist that gives when you sit',
        'a hem that can be let down',
        'double stitching where it matters',
        'colours that stay through the wash',
      ],
      uses: ['It sits well on a bike, too.', 'Wear it to work and to the lake.'],
      shelves: [
        ['Trousers', ['Trousers', 'Chinos', 'Pleated Trousers'], 49, 219],
        ['Jeans', ['Jeans', 'Straight Jeans', 'Wide Jeans'], 59, 219],
        ['Shorts', ['Shorts', 'Walking Shorts', 'Swim Shorts'], 29, 119],
        ['Skirts', ['Skirt', 'Wrap Skirt', 'Midi Skirt'], 39, 179],
        ['Socks', ['Socks', 'Walking Socks', 'Knee Socks'], 7, 39],
      ],
    },
    {
      name: 'Outerwear',
      description: 'For weather.',
      materials: ['Wool', 'Waxed Cotton', 'Twill', 'Corduroy', 'Loden'],
      traits: [
        'pockets deep enough for a paperback',
        'a hood or a collar that shuts the wind out',
        'a spare button sewn inside',
        'a lining that slides over sweaters',
      ],
      uses: [
        'It is made for chilly mornings and long evenings.',
        'It has been through four autumns, and it wants more.',
      ],
      shelves: [
        ['Coats', ['Coat', 'Duffle Coat', 'Trench Coat'], 129, 590],
        ['Jackets', ['Jacket', 'Field Jacket', 'Chore Jacket'], 79, 390],
        ['Raincoats', ['Raincoat', 'Rain Cape', 'Anorak'], 59, 329],
        ['Parkas', ['Parka', 'Padded Parka', 'Winter Parka'], 149, 590],
        ['Blazers', ['Blazer', 'Unlined Blazer', 'Travel Blazer'], 99, 390],
      ],
    },
    {
      name: 'Accessories',
      description: 'What makes the difference.',
      materials: ['Lambswool', 'Alpaca', 'Leather', 'Canvas', 'Cashmere'],
      traits: [
        'edges that are finished by hand',
        'a colour of the season and one for always',
        'a loop to hang it by',
        'a shape that stays',
      ],
      uses: ['It makes a plain coat look planned.', 'It fits everybody, which makes it an easy present.'],
      shelves: [
        ['Scarves', ['Scarf', 'Shawl', 'Neck Warmer'], 19, 149],
        ['Hats', ['Hat', 'Beanie', 'Bucket Hat'], 17, 119],
        ['Belts', ['Belt', 'Braided Belt', 'Webbing Belt'], 19, 99],
        ['Bags', ['Tote Bag', 'Shoulder Bag', 'Weekend Bag'], 19, 349],
        ['Mittens', ['Mittens', 'Fingerless Gloves', 'Driving Gloves'], 17, 99],
      ],
    },
  ],
};
