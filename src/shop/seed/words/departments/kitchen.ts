import type { Department } from './department.js';

export const kitchen: Department = {
  name: 'Kitchen',
  description: 'Tools for people who cook, and the table they cook for.',
  traits: [
    'a weight that feels right from the first day',
    'a glaze or polish that needs no soaking',
    'a grip that fits left and right hands',
  ],
  uses: [
    'It is as useful for a weekday supper as for a table full of guests.',
    'Whoever has used it once finds a place for it within reach.',
    'It makes a present that nobody has to pretend to like.',
  ],
  groups: [
    {
      name: 'Cookware',
      description: 'Pots and pans for every hob.',
      materials: ['Cast Iron', 'Copper', 'Steel', 'Enamel', 'Carbon Steel'],
      traits: [
        'a handle that stays cool',
        'a rim that pours without dripping',
        'a base that suits every hob, induction too',
        'a loop to hang it by',
      ],
      uses: [
        'It goes from the hob to the oven to the table.',
        'A little oil now and then keeps it going for decades.',
      ],
      shelves: [
        ['Frying Pans', ['Frying Pan', 'Skillet', 'Sauté Pan'], 24, 189],
        ['Saucepans', ['Saucepan', 'Milk Pan', 'Saucier'], 19, 159],
        ['Casseroles', ['Casserole', 'Dutch Oven', 'Braiser'], 49, 349],
        ['Woks', ['Wok', 'Stir-Fry Pan', 'Flat-Bottomed Wok'], 29, 149],
        ['Roasting Tins', ['Roasting Tin', 'Gratin Dish', 'Loaf Tin'], 14, 119],
      ],
    },
    {
      name: 'Knives and Boards',
      description: 'Sharp things, and what to use them on.',
      materials: ['Olive Wood', 'Walnut', 'Carbon Steel', 'Damascus', 'Acacia'],
      traits: [
        'a finish that lasts for years',
        'a balance that spares the wrist',
        'a shape that has been tried for a century',
        'a case for the drawer',
      ],
      uses: [
        'It makes short work of onions and long work unnecessary.',
        'Wash it by hand, dry it at once, and it stays as it is.',
      ],
      shelves: [
        ["Chef's Knives", ["Chef's Knife", 'Santoku', 'Cleaver'], 39, 289],
        ['Paring Knives', ['Paring Knife', 'Peeling Knife', 'Utility Knife'], 12, 99],
        ['Bread Knives', ['Bread Knife', 'Carving Knife', 'Slicer'], 24, 149],
        ['Cutting Boards', ['Cutting Board', 'Butcher Block', 'Bread Board'], 15, 139],
        ['Sharpeners', ['Whetstone', 'Honing Rod', 'Knife Sharpener'], 14, 119],
      ],
    },
    {
      name: 'Tableware',
      description: 'What food looks good on.',
      materials: ['Stoneware', 'Glass', 'Porcelain', 'Enamel', 'Ceramic'],
      traits: [
        'a glaze that is never quite the same twice',
        'a foot that leaves no marks on the table',
        'a rim that does not chip easily',
        'a colour that goes with what you have',
      ],
      uses: ['It can go into the dishwasher every day.', 'It stacks, and takes no more room than it must.'],
      shelves: [
        ['Plates', ['Dinner Plate', 'Side Plate', 'Platter'], 8, 69],
        ['Bowls', ['Soup Bowl', 'Salad Bowl', 'Ramen Bowl'], 9, 79],
        ['Mugs', ['Mug', 'Espresso Cup', 'Tea Bowl'], 8, 39],
        ['Glasses', ['Tumbler', 'Wine Glass', 'Carafe'], 7, 69],
        ['Cutlery', ['Cutlery Set', 'Serving Spoon', 'Steak Knife Set'], 12, 229],
      ],
    },
    {
      name: 'Coffee and Tea',
      description: 'The first cup of the day, and all that follow.',
      materials: ['Copper', 'Steel', 'Glass', 'Ceramic', 'Enamel', 'Cast Iron'],
      traits: [
        'a lid that closes tightly',
        'measures engraved on the inside',
        'a spout that pours where it is pointed',
        'parts that come apart for cleaning',
      ],
      uses: ['It is awake before you are.', 'It makes one cup as well as it makes four.'],
      shelves: [
        ['Coffee Makers', ['Moka Pot', 'French Press', 'Pour-Over Dripper'], 19, 129],
        ['Coffee Grinders', ['Coffee Grinder', 'Hand Grinder', 'Spice Mill'], 29, 289],
        ['Kettles', ['Kettle', 'Gooseneck Kettle', 'Stovetop Kettle'], 29, 179],
        ['Teapots', ['Teapot', 'Gaiwan', 'Tea Infuser'], 14, 119],
        ['Storage Jars', ['Storage Jar', 'Coffee Canister', 'Tea Caddy'], 9, 69],
      ],
    },
  ],
};
